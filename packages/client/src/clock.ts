/** Time and chance, so that tests own them. Instants are ms since the epoch. */
export interface Clock {
  /** This instant. */
  now(): number;
  /** Calls back once, not before `delayMs`; returns what takes it back. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** A number in [0, 1). */
  random(): number;
}
