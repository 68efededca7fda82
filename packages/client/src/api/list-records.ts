import type { Connection } from '../connect/connection.ts';
import type { RecordPage, TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskFilter } from './client-api.ts';

/** The records that this connection can drive, and settled ones of its account, a page at a time. */
export async function listRecords(
  store: Pick<TaskStore, 'list'>,
  { identity }: Pick<Connection, 'identity'>,
  { limit, after, open, asking, labels, key, since }: TaskFilter,
  whyNot: (record: TaskRecord) => string | undefined,
): Promise<RecordPage> {
  const { fingerprint, account } = identity;
  const filter = { fingerprint, ...defined({ open, asking, labels, key, since }) };
  const page = await store.list(filter, defined({ limit, after }));
  const isOurs = (record: TaskRecord): boolean =>
    record.server.account === account && (record.phase === 'settled' || whyNot(record) === undefined);
  return { ...page, records: page.records.filter(isOurs) };
}

type Defined<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}
