import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Failure } from '../../task/failure.ts';
import { ConnectionFailure } from '../connection.ts';
import { causesOf, codeOf } from './network-errors.ts';

const RETRIES = 2;
const FIRST_DELAY_MS = 200;
/** An unknown host name or an invalid certificate is not retried. */
const PERMANENT = /^(ENOTFOUND$|CERT_|ERR_|DEPTH_|SELF_|UNABLE_)/;

export interface RetryOptions {
  /** Limit of all attempts, in ms from now. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Statuses of a server that is starting or busy. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

function failureIn(error: unknown): Failure | undefined {
  return causesOf(error).find((cause) => cause instanceof ConnectionFailure)?.failure;
}

/** Failures that may pass soon: transport failures, and a server that is starting or busy. */
function isTransient(error: unknown): boolean {
  const failure = failureIn(error);
  if (failure?.kind === 'http') return TRANSIENT.has(failure.status);
  return failure?.kind === 'transport' && !PERMANENT.test(codeOf(error) ?? '');
}

/** Retries connecting, which is safe: no request was sent yet. Later requests are not retried here. */
export function retryConnecting<T>(
  connect: (isLast: boolean) => Promise<T>,
  { timeoutMs, signal }: RetryOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  return pRetry((attempt) => connect(attempt > RETRIES), {
    retries: RETRIES,
    minTimeout: FIRST_DELAY_MS,
    randomize: true,
    maxRetryTime: timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    async shouldRetry({ error }) {
      if (!isTransient(error)) return false;
      const failure = failureIn(error);
      const afterMs = failure?.kind === 'http' ? (failure.retryAfterMs ?? 0) : 0;
      if (performance.now() + afterMs >= deadline) return false;
      await sleep(afterMs, undefined, signal === undefined ? {} : { signal });
      return true;
    },
  });
}
