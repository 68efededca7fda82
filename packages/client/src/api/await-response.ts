import type { Follower } from '../worker/followed-task.ts';
import { until } from '../worker/until.ts';
import { resultOfCall } from './call-result.ts';
import type { CallAnswer } from './handle-api.ts';

/**
 * Waits until the response to the call is on record. `call` settles with the request, if it is made in this process.
 * @throws {TaskError} the failure of the call
 */
export async function awaitResponse(
  follower: Follower,
  call: Promise<void> | undefined,
  signal?: AbortSignal,
): Promise<CallAnswer> {
  const isAnswered = (): true | undefined => {
    const { record, lost, isDeleted, isLeft } = follower;
    // If the request is made here, its response arrives here, even if the record was deleted.
    const isOver = call === undefined && (isDeleted || isLeft);
    return record.phase !== 'intent' || lost !== null || isOver ? true : undefined;
  };
  // The task is saved before the caller gets it, unless the store has failed for good.
  const isWritten = (): true | undefined =>
    follower.heldBack === undefined || follower.isLeft || follower.isCutOff ? true : undefined;
  const written = call?.then(() => until(follower, isWritten, signal));
  await Promise.race([until(follower, isAnswered, signal), ...(written === undefined ? [] : [written])]);
  const isLeft = signal?.aborted === true || (call === undefined && follower.isLeft);
  const result = resultOfCall(follower, isLeft);
  if (result === undefined) return { kind: 'task' };
  await call;
  return { kind: 'complete', result };
}
