import type { Clock } from '@mcp-tasks/client';

/** Resolves after this many ms. */
export function pause(clock: Pick<Clock, 'schedule'>, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
}

/** Calls the work once per interval, in ms. Returns the function that stops it. */
export function repeat(clock: Clock, intervalMs: number, work: () => void): () => void {
  let cancel = (): void => undefined;
  const plan = (): void => {
    cancel = clock.schedule(intervalMs, () => {
      plan();
      work();
    });
  };
  plan();
  return () => cancel();
}

/** The value; undefined if it takes longer than this many ms. Releases its timer. */
export async function valueWithin<T>(clock: Clock, ms: number, value: Promise<T>): Promise<T | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.schedule(ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    cancel();
  }
}

export interface TimedAbort {
  readonly signal: AbortSignal;
  /** Releases the timer. */
  cancel(): void;
}

/** A signal that aborts after this many ms. */
export function abortAfter(clock: Clock, ms: number): TimedAbort {
  const controller = new AbortController();
  const cancel = clock.schedule(ms, () => controller.abort(new DOMException('The time is up', 'TimeoutError')));
  return { signal: controller.signal, cancel };
}
