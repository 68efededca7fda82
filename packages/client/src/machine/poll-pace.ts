/** The poll interval without a usable hint. */
const DEFAULT_POLL_INTERVAL_MS = 2_000;
/** The minimum delay between two requests about a task, in ms, whatever the hint. */
export const FLOOR_MS = 250;
/** The maximum of a hint: above it a task would practically never be polled again. */
const MAX_HINT_MS = 3_600_000;
/** The longest timer of Node; longer ones fire after 1 ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 60_000;
const JITTER = 0.1;

export interface Pace {
  /** The newest usable hint of the server, in ms; capped at one hour. */
  readonly pollIntervalMs?: number | undefined;
  /** The user's minimum, in ms: it never speeds polling up. */
  readonly minPollIntervalMs: number;
  /** Consecutive failures. */
  readonly failures: number;
  /** From `Retry-After`, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** A number in [0, 1): jitter goes upward only. */
  readonly chance: number;
}

function backoffMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
}

/** The delay before the next request about a task, in ms. */
export function planDelayMs(pace: Pace): number {
  const base = Math.max(
    Math.min(pace.pollIntervalMs ?? DEFAULT_POLL_INTERVAL_MS, MAX_HINT_MS),
    FLOOR_MS,
    pace.minPollIntervalMs,
    backoffMs(pace.failures),
    pace.retryAfterMs ?? 0,
  );
  return Math.min(MAX_TIMER_MS, Math.ceil(base * (1 + JITTER * pace.chance)));
}
