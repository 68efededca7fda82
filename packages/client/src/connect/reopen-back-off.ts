import type { Failure } from '../task/failure.ts';

/** A connection open for 30 s resets the back-off. */
const RESET_AFTER_MS = 30_000;
const MIN_PAUSE_MS = { died: 1_000, failed: 250 };
const MAX_PAUSE_MS = { died: 60_000, failed: 5_000 };

/** Back-off for reopening a connection: grows each time a server dies right after its start. */
export interface ReopenBackOff {
  opened(): void;
  /** The connection ended by itself. The first such end in a row has no back-off. */
  died(): void;
  /** The connection could not be opened. */
  failed(failure: Failure): void;
  /** Rest of the back-off, in ms. */
  waitMs(): number;
  /** The failure that started the back-off. */
  last(): Failure;
  /** Ends the back-off: the next attempt may start at once. */
  clear(): void;
}

export interface ReopenBackOffOptions {
  readonly now?: (() => number) | undefined;
  /**
   * True if each attempt starts a program, which is expensive: failed starts back off up to 60 s, too. @default false
   */
  readonly isProgram?: boolean;
}

export function createReopenBackOff(options: ReopenBackOffOptions = {}): ReopenBackOff {
  const { now = () => performance.now(), isProgram = false } = options;
  let openedAt = Number.NEGATIVE_INFINITY;
  let deaths = 0;
  let failures = 0;
  let mayOpenAt = Number.NEGATIVE_INFINITY;
  let lastFailure: Failure = { kind: 'transport', message: 'it ended several times in a row, and is retried soon' };

  function setBackOff(of: 'died' | 'failed', count: number): void {
    const maxMs = MAX_PAUSE_MS[isProgram ? 'died' : of];
    if (count > 0) mayOpenAt = now() + Math.min(maxMs, MIN_PAUSE_MS[of] * 2 ** (count - 1));
  }

  return {
    opened() {
      openedAt = now();
      failures = 0;
    },
    died() {
      if (now() - openedAt >= RESET_AFTER_MS) deaths = 0;
      setBackOff('died', deaths);
      deaths += 1;
    },
    failed(failure) {
      lastFailure = failure;
      failures += 1;
      setBackOff('failed', failures);
    },
    waitMs: () => Math.max(0, mayOpenAt - now()),
    last: () => lastFailure,
    clear() {
      mayOpenAt = Number.NEGATIVE_INFINITY;
    },
  };
}
