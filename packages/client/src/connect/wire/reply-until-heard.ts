import { ConnectionFailure, type Failure } from '../connection.ts';
import { failureOfSend } from './classify.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

/**
 * Sends a reply until it has arrived, or nobody waits for it any more. It may arrive twice: there the first one counts.
 */
export async function replyUntilHeard(send: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let delayMs = FIRST_RETRY_MS; !signal.aborted; delayMs = Math.min(2 * delayMs, LAST_RETRY_MS)) {
    const failure = await send().then(() => undefined, failureOf);
    if (failure === undefined || !isPassing(failure)) return;
    await pause(Math.max(delayMs, (failure.kind === 'http' && failure.retryAfterMs) || 0), signal);
  }
}

function failureOf(error: unknown): Failure {
  return error instanceof ConnectionFailure ? error.failure : failureOfSend(error);
}

/** Trouble on the way, that another attempt may not meet. */
function isPassing(failure: Failure): boolean {
  if (failure.kind === 'http') return failure.status >= 500 || failure.status === 429 || failure.status === 408;
  return failure.kind === 'transport' || failure.kind === 'timeout' || failure.kind === 'invalid';
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
