import type { Follower } from '../worker/followed-task.ts';
import { until } from '../worker/until.ts';
import { resultOfCall } from './call-answer.ts';
import type { CallAnswer } from './handle-api.ts';

/**
 * Waits until the server has answered the call and that is on record. `call` settles when the request has, where it is
 * made here.
 * @throws {TaskError} what the call came to, when it came to nothing
 */
export async function awaitAnswer(
  follower: Follower,
  call: Promise<void> | undefined,
  signal?: AbortSignal,
): Promise<CallAnswer> {
  const isAnswered = (): true | undefined => {
    const { record, lost, gone, isLeft } = follower;
    // Here the answer comes with the request, whatever became of the record meanwhile.
    const isOver = call === undefined && (gone || isLeft);
    return record.phase !== 'intent' || lost !== null || isOver ? true : undefined;
  };
  // A task is on disk before its caller hears of it, unless the store is out of reach for good.
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
