import type { TaskRecord } from '../../task/record.ts';
import { duplicateRecord, identityOf, isOpen, keyConflict, openKeyOf } from '../record-rules.ts';
import type { Changes } from '../task-store.ts';

/** Removals are told to those who look now and then; older ones are of no use to anyone. */
const REMOVALS_KEPT = 10_000;

export interface Records {
  get(id: string): TaskRecord | undefined;
  all(): readonly TaskRecord[];
  /** @throws {TaskError} `ambiguous-id`, `key-conflict`; then nothing was written */
  put(record: TaskRecord, before?: TaskRecord): void;
  drop(record: TaskRecord): void;
  changesSince(sequence: number): Changes;
}

/** The records themselves, and what is unique among them. */
export function createRecords(): Records {
  const records = new Map<string, { readonly record: TaskRecord; readonly sequence: number }>();
  const removals = new Map<string, number>();
  const identities = new Map<string, string>();
  const keys = new Map<string, string>();
  let sequence = 0;

  /** The open record that has this name, when it is another one. */
  function rival(names: ReadonlyMap<string, string>, name: string | undefined, id: string): TaskRecord | undefined {
    const holder = name === undefined ? undefined : names.get(name);
    const held = holder === undefined || holder === id ? undefined : records.get(holder)?.record;
    return held !== undefined && isOpen(held) ? held : undefined;
  }

  function give(names: Map<string, string>, before: string | undefined, after: string | undefined, id: string): void {
    if (before !== undefined && names.get(before) === id) names.delete(before);
    if (after !== undefined) names.set(after, id);
  }

  return {
    get: (id) => records.get(id)?.record,
    all: () => [...records.values()].map((entry) => entry.record),
    put(record, before) {
      const [identity, key] = [identityOf(record), openKeyOf(record)];
      if (rival(identities, identity, record.id) !== undefined) throw duplicateRecord(record);
      if (rival(keys, key, record.id) !== undefined) throw keyConflict(record);
      give(identities, before && identityOf(before), identity, record.id);
      give(keys, before && openKeyOf(before), key, record.id);
      sequence += 1;
      records.set(record.id, { record, sequence });
      removals.delete(record.id);
    },
    drop(record) {
      give(identities, identityOf(record), undefined, record.id);
      give(keys, openKeyOf(record), undefined, record.id);
      records.delete(record.id);
      sequence += 1;
      removals.set(record.id, sequence);
      const [oldest] = removals.keys();
      if (removals.size > REMOVALS_KEPT && oldest !== undefined) removals.delete(oldest);
    },
    changesSince(since) {
      if (since === sequence) return { sequence, changed: [], removed: [] };
      const changed = [...records.values()].filter((entry) => entry.sequence > since);
      return {
        sequence,
        changed: changed.sort((a, b) => a.sequence - b.sequence).map((entry) => entry.record),
        removed: since === 0 ? [] : [...removals].filter(([, at]) => at > since).map(([id]) => id),
      };
    },
  };
}
