import type { Clock } from '../clock.ts';
import type { Failure } from '../connect/connection.ts';
import { isJsonObject } from '../task/json.ts';
import { isTerminal } from '../task/task.ts';
import type { Surroundings } from './client-context.ts';
import type { Follower } from './follower.ts';
import { failureOf } from './place-call.ts';
import { hear } from './question-listener.ts';

/** Enough for a large result on a slow line. */
const RESULT_LATE_MS = 120_000;

/** `tasks/result` (2025-11-25), outside the gate: the stream stays open as long as a person thinks. */
export async function openResult(follower: Follower, around: Surroundings): Promise<void> {
  const { taskId } = follower.record;
  const unlisten = around.questions.listen(hear(follower));
  const late = watchForEnd(follower, around.clock);
  try {
    const options = { signal: AbortSignal.any([follower.reign, late.signal]), timeoutMs: null };
    const result = await around.connection.request('tasks/result', { taskId }, options);
    if (isJsonObject(result)) await follower.dispatch({ type: 'result-fetched', result });
    else {
      const message = 'The result of the task is not an object';
      await follower.dispatch({ type: 'result-failed', failure: { kind: 'invalid', message } });
    }
  } catch (error) {
    const failure: Failure = late.signal.aborted ? { kind: 'timeout', message: 'it did not come' } : failureOf(error);
    await follower.dispatch({ type: 'result-failed', failure });
  } finally {
    late.stop();
    unlisten();
  }
}

/** A task that has ended has its result at hand: a stream that stays silent then has broken without a word. */
function watchForEnd(follower: Follower, clock: Clock): { readonly signal: AbortSignal; stop(): void } {
  const late = new AbortController();
  let cancel: (() => void) | undefined;
  const look = (): void => {
    if (cancel !== undefined || !isTerminal(follower.record.status)) return;
    cancel = clock.schedule(RESULT_LATE_MS, () => late.abort());
  };
  const remove = follower.onChange(look);
  look();
  return {
    signal: late.signal,
    stop() {
      remove();
      cancel?.();
    },
  };
}
