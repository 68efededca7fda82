import { ConnectionFailure } from '../connection.ts';
import { aborted } from '../wire/classify.ts';

export interface TimeLimit {
  readonly signal?: AbortSignal | undefined;
  /** In ms; `null` has no timeout. */
  readonly timeoutMs: number | null;
  /** True while a person signs in: the timeout is suspended. */
  readonly isWaiting: () => boolean;
}

/**
 * Runs work under a signal and a timeout. @throws {ConnectionFailure} `aborted`, `timeout`, or the error of the work
 */
export async function within<T>(work: (stop: AbortSignal) => Promise<T>, limit: TimeLimit): Promise<T> {
  const { signal, timeoutMs, isWaiting } = limit;
  if (signal?.aborted) throw new ConnectionFailure(aborted);
  const stop = new AbortController();
  let isLate = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const arm = (ms: number): void => {
    timer = setTimeout(() => {
      if (isWaiting()) return arm(ms);
      isLate = true;
      stop.abort();
    }, ms);
  };
  const abort = (): void => stop.abort();
  if (timeoutMs !== null) arm(timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work(stop.signal);
  } catch (error) {
    const message = `no answer within ${(timeoutMs ?? 0) / 1000} s`;
    if (isLate) throw new ConnectionFailure({ kind: 'timeout', message }, error);
    throw signal?.aborted ? new ConnectionFailure(aborted, error) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
