import { TaskError } from '../errors.ts';
import { refOf } from '../protocol/dialect.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import { until } from '../worker/until.ts';
import { isCancelAccepted, settledError } from './cancel-delivery.ts';
import { type PostContext, postToRecord } from './post-to-record.ts';

/** Saves the cancel request on the record, and waits until the server acknowledged it. @throws {TaskError} */
export async function requestCancel(known: KnownTask, around: PostContext, signal?: AbortSignal): Promise<void> {
  const { id, phase, taskId } = known.record;
  if (around.observe) throw new TaskError('unsupported', 'This client only observes: it cannot cancel');
  if (phase === 'settled') throw settledError(known.record);
  if (taskId === null) throw new TaskError('unsupported', `Call ${id} has no task yet that could be cancelled`);
  // Without a loaded dialect the lease holder decides whether the task can be cancelled.
  const canCancel = known.dialect === undefined || known.dialect.cancel(refOf(known.record)) !== undefined;
  if (!canCancel) {
    const hint = 'It keeps running; delete its record to stop following it.';
    throw new TaskError('unsupported', `Task ${id} cannot be cancelled`, { hint });
  }
  const at = around.clock.now();
  await postToRecord(known, around.store, (current) =>
    current.phase === 'settled' ? current : { ...current, updatedAt: at, cancelRequestedAt: at },
  );
  await until(known, () => isCancelAccepted(known), signal);
}
