import { TaskError } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { Person } from '../task/audience.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { KnownTask } from '../worker/followed-task.ts';

/** The store and clock that answers are saved with. */
export type PostContext = Pick<ClientContext, 'clock' | 'observe'> & {
  readonly store: Pick<TaskStore, 'update'>;
  /** The default person of answers. */
  readonly person?: Person | undefined;
};

/**
 * Saves an answer or a cancel request on the record; the process that holds the lease sends it, also if that is this
 * one.
 */
export async function postToRecord(
  follower: Pick<KnownTask, 'record' | 'posted'>,
  store: Pick<TaskStore, 'update'>,
  change: (record: TaskRecord) => TaskRecord,
): Promise<void> {
  const { id } = follower.record;
  const saved = await store.update(id, change);
  if (saved === undefined) throw new TaskError('not-found', `Task ${id}: its record was deleted`);
  await follower.posted(saved);
}
