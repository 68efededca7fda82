import type { Failure } from '../task/failure.ts';

/** A server that answers this long is well again. */
const WELL_MS = 30_000;
const FIRST_PAUSE_MS = { died: 1_000, failed: 250 };
const LAST_PAUSE_MS = { died: 60_000, failed: 5_000 };

/** When a connection may be opened again: a server that dies of each start is started ever more rarely. */
export interface ReopenPace {
  opened(): void;
  /** The connection ended by itself. The first time in a row it may be opened again at once. */
  died(): void;
  /** It could not be opened. */
  failed(failure: Failure): void;
  /** Why it is not tried again yet. */
  held(): Failure | undefined;
}

export function createReopenPace(now: () => number = () => performance.now()): ReopenPace {
  let openedAt = Number.NEGATIVE_INFINITY;
  let deaths = 0;
  let failures = 0;
  let mayOpenAt = Number.NEGATIVE_INFINITY;
  let last: Failure = { kind: 'transport', message: 'it ended again and again, and is tried again soon' };

  function pause(of: 'died' | 'failed', count: number): void {
    if (count > 0) mayOpenAt = now() + Math.min(LAST_PAUSE_MS[of], FIRST_PAUSE_MS[of] * 2 ** (count - 1));
  }

  return {
    opened() {
      openedAt = now();
      failures = 0;
    },
    died() {
      if (now() - openedAt >= WELL_MS) deaths = 0;
      pause('died', deaths);
      deaths += 1;
    },
    failed(failure) {
      last = failure;
      failures += 1;
      pause('failed', failures);
    },
    held: () => (now() < mayOpenAt ? last : undefined),
  };
}
