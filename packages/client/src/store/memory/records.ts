import type { TaskRecord } from '../../task/record.ts';
import { duplicateRecord, identityOf, isOpen, keyConflict, openKeyOf } from '../record-rules.ts';

export interface Records {
  /** The number of open records, which each heartbeat reports. */
  readonly open: number;
  get(id: string): TaskRecord | undefined;
  all(): readonly TaskRecord[];
  /** Records with this id, either local id or task id. */
  named(id: string): readonly TaskRecord[];
  /** @throws {TaskError} `ambiguous-id`, `key-conflict`; then nothing was written */
  put(record: TaskRecord, before?: TaskRecord): void;
  drop(record: TaskRecord): void;
}

/** The records, with their unique identities and keys. */
export function createRecords(): Records {
  const records = new Map<string, TaskRecord>();
  const identities = new Map<string, string>();
  const keys = new Map<string, string>();
  const byTaskId = new Map<string, ReadonlySet<string>>();
  let open = 0;

  /** Another open record that has this identity or key. */
  function conflicting(
    names: ReadonlyMap<string, string>,
    name: string | undefined,
    id: string,
  ): TaskRecord | undefined {
    const holder = name === undefined ? undefined : names.get(name);
    const held = holder === undefined || holder === id ? undefined : records.get(holder);
    return held !== undefined && isOpen(held) ? held : undefined;
  }

  function moveName(
    names: Map<string, string>,
    before: string | undefined,
    after: string | undefined,
    id: string,
  ): void {
    if (before !== undefined && names.get(before) === id) names.delete(before);
    if (after !== undefined) names.set(after, id);
  }

  function indexTaskId({ id }: TaskRecord, before: string | null | undefined, after: string | null | undefined): void {
    if (before === after) return;
    if (before !== null && before !== undefined) {
      const left = [...(byTaskId.get(before) ?? [])].filter((each) => each !== id);
      if (left.length === 0) byTaskId.delete(before);
      else byTaskId.set(before, new Set(left));
    }
    if (after !== null && after !== undefined) byTaskId.set(after, new Set([...(byTaskId.get(after) ?? []), id]));
  }

  return {
    get open() {
      return open;
    },
    get: (id) => records.get(id),
    all: () => [...records.values()],
    named: (id) => [...new Set([id, ...(byTaskId.get(id) ?? [])])].flatMap((each) => records.get(each) ?? []),
    put(record, before) {
      const [identity, key] = [identityOf(record), openKeyOf(record)];
      if (conflicting(identities, identity, record.id) !== undefined) throw duplicateRecord(record);
      if (conflicting(keys, key, record.id) !== undefined) throw keyConflict(record);
      moveName(identities, before && identityOf(before), identity, record.id);
      moveName(keys, before && openKeyOf(before), key, record.id);
      indexTaskId(record, before?.taskId, record.taskId);
      open += Number(isOpen(record)) - Number(before !== undefined && isOpen(before));
      records.set(record.id, record);
    },
    drop(record) {
      moveName(identities, identityOf(record), undefined, record.id);
      moveName(keys, openKeyOf(record), undefined, record.id);
      indexTaskId(record, record.taskId, undefined);
      if (records.has(record.id) && isOpen(record)) open -= 1;
      records.delete(record.id);
    },
  };
}
