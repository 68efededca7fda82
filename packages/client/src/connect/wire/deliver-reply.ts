import pRetry from 'p-retry';
import { ConnectionFailure, type Failure } from '../connection.ts';
import { failureOfSend } from './classify.ts';

const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

/** Retries a reply until it is delivered or the server withdraws its request. If it arrives twice, the first counts. */
export async function deliverReply(send: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const retrying = pRetry(send, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: MIN_RETRY_MS,
    maxTimeout: MAX_RETRY_MS,
    signal,
    async shouldRetry({ error }) {
      const failure = failureOf(error);
      if (failure.kind === 'http') await pause(failure.retryAfterMs ?? 0, signal);
      return isTransient(failure);
    },
  });
  await retrying.catch(() => undefined); // refused for good, or withdrawn
}

function failureOf(error: unknown): Failure {
  return error instanceof ConnectionFailure ? error.failure : failureOfSend(error);
}

/** True for a failure that may pass before a retry. */
function isTransient(failure: Failure): boolean {
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
