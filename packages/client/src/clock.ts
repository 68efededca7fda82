/** Time and chance, so that tests own them. Instants are ms since the epoch. */
export interface Clock {
  /** This instant. */
  now(): number;
  /** Ms that have passed since some instant, whatever is done to the wall clock. @default `now()` */
  monotonic?(): number;
  /** Calls back once, not before `delayMs`; returns what takes it back. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** A number in [0, 1). */
  random(): number;
}

/** Ms since some instant, by the clock that nobody sets back; by the wall clock where there is no other. */
export function monotonicNow(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
