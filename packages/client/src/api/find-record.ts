import { TaskError } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { theOnly } from './the-only.ts';

/**
 * The record that the id, or its beginning, means to a client: its own before others'.
 * @throws {TaskError} `not-found`, `ambiguous-id`, or `server-changed` for an open one that is not its own
 */
export async function findRecord(
  store: TaskStore,
  reference: string,
  whyNot: (record: TaskRecord) => string | undefined = () => undefined,
): Promise<TaskRecord> {
  // An empty reference is the beginning of every id.
  const found = reference === '' ? [] : (await store.find(reference)).records;
  const ours = found.filter((record) => whyNot(record) === undefined);
  const record = theOnly(ours.length > 0 ? ours : found, reference);
  const reason = whyNot(record);
  if (reason === undefined || record.phase === 'settled') return record;
  throw new TaskError('server-changed', reason, { hint: 'Its record is kept as it is.' });
}
