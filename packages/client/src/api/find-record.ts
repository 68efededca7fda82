import { TaskError } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { onlyMatch } from './only-match.ts';

/**
 * Resolves an id or a prefix to a record: the client's own before others'.
 * @throws {TaskError} `not-found`, `ambiguous-id`, or `server-changed` for an open record of another server
 */
export async function findRecord(
  store: TaskStore,
  reference: string,
  whyNot: (record: TaskRecord) => string | undefined = () => undefined,
): Promise<TaskRecord> {
  // An empty reference is a prefix of every id.
  const found = reference === '' ? [] : (await store.find(reference)).records;
  const ours = found.filter((record) => whyNot(record) === undefined);
  const record = onlyMatch(ours.length > 0 ? ours : found, reference);
  const reason = whyNot(record);
  if (reason === undefined || record.phase === 'settled') return record;
  throw new TaskError('server-changed', reason, { hint: 'Its record is unchanged.' });
}
