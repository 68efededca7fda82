import type { Clock } from '../../clock.ts';
import type { Failure } from '../../connect/connection.ts';
import { refOf } from '../../protocol/dialect.ts';
import { isTerminal } from '../../task/task.ts';
import type { ClientContext } from '../client-context.ts';
import type { Follower } from '../followed-task.ts';
import { failureOf } from '../place-call.ts';
import { createListener } from './question-listener.ts';

/** Enough for a large result on a slow connection. */
const RESULT_LATE_MS = 120_000;

/**
 * Fetches the result if it has a request of its own. Exempt from the request limit: before the task has ended, the
 * stream of this request brings its questions, and stays open while a person thinks.
 */
export async function openResult(follower: Follower, around: ClientContext): Promise<void> {
  const { dialect, record } = follower;
  const ask = dialect.result?.(refOf(record));
  if (ask === undefined) return;
  const fail = (failure: Failure, verdict = dialect.judge(failure, 'result')): Promise<void> =>
    follower.dispatch({ type: 'result-failed', failure: { ...failure, verdict } });
  const unlisten = around.questions.listen(createListener(follower));
  const late = watchForEnd(follower, around.clock);
  try {
    const options = { signal: AbortSignal.any([follower.leaseSignal, late.signal]), timeoutMs: null };
    const result = dialect.decodeResult?.(await around.connection.request(ask.method, ask.params, options));
    if (result?.kind === 'value') await follower.dispatch({ type: 'result-fetched', result: result.value });
    else await fail({ kind: 'invalid', message: result?.problem ?? 'it cannot be read' }, result?.verdict);
  } catch (error) {
    await fail(late.signal.aborted ? { kind: 'timeout', message: 'it did not come' } : failureOf(error));
  } finally {
    late.stop();
    unlisten();
  }
}

/** Once the task has ended the result is due: a stream that stays silent then is broken. */
function watchForEnd(follower: Follower, clock: Clock): { readonly signal: AbortSignal; stop(): void } {
  const late = new AbortController();
  let cancel: (() => void) | undefined;
  const startTimer = (): void => {
    if (cancel !== undefined || !isTerminal(follower.record.status)) return;
    cancel = clock.schedule(RESULT_LATE_MS, () => late.abort());
  };
  const remove = follower.onChange(startTimer);
  startTimer();
  return {
    signal: late.signal,
    stop() {
      remove();
      cancel?.();
    },
  };
}
