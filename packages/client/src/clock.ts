/** Time and randomness, replaceable by tests. Instants are ms since the epoch. */
export interface Clock {
  /** The current instant. */
  now(): number;
  /** Ms since a fixed instant; unaffected by changes of the wall clock. @default `now()` */
  monotonic?(): number;
  /** Calls back once, not before `delayMs`; returns a function that cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** A number in [0, 1). */
  random(): number;
}

/** Ms of the monotonic clock; of the wall clock if there is no monotonic one. */
export function monotonicNow(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
