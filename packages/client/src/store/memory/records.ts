import type { TaskRecord } from '../../task/record.ts';
import { duplicateRecord, identityOf, isOpen, keyConflict, openKeyOf } from '../record-rules.ts';

export interface Records {
  get(id: string): TaskRecord | undefined;
  all(): readonly TaskRecord[];
  /** @throws {TaskError} `ambiguous-id`, `key-conflict`; then nothing was written */
  put(record: TaskRecord, before?: TaskRecord): void;
  drop(record: TaskRecord): void;
}

/** The records themselves, and what is unique among them. */
export function createRecords(): Records {
  const records = new Map<string, TaskRecord>();
  const identities = new Map<string, string>();
  const keys = new Map<string, string>();

  /** The open record that has this name, when it is another one. */
  function rival(names: ReadonlyMap<string, string>, name: string | undefined, id: string): TaskRecord | undefined {
    const holder = name === undefined ? undefined : names.get(name);
    const held = holder === undefined || holder === id ? undefined : records.get(holder);
    return held !== undefined && isOpen(held) ? held : undefined;
  }

  function give(names: Map<string, string>, before: string | undefined, after: string | undefined, id: string): void {
    if (before !== undefined && names.get(before) === id) names.delete(before);
    if (after !== undefined) names.set(after, id);
  }

  return {
    get: (id) => records.get(id),
    all: () => [...records.values()],
    put(record, before) {
      const [identity, key] = [identityOf(record), openKeyOf(record)];
      if (rival(identities, identity, record.id) !== undefined) throw duplicateRecord(record);
      if (rival(keys, key, record.id) !== undefined) throw keyConflict(record);
      give(identities, before && identityOf(before), identity, record.id);
      give(keys, before && openKeyOf(before), key, record.id);
      records.set(record.id, record);
    },
    drop(record) {
      give(identities, identityOf(record), undefined, record.id);
      give(keys, openKeyOf(record), undefined, record.id);
      records.delete(record.id);
    },
  };
}
