import type { Clock } from '@mcp-tasks/client';

/** Resolves after this many ms. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
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
