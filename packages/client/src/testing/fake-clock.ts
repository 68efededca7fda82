import type { Clock } from '../clock.ts';

/** Start and randomness of a fake clock. */
export interface FakeClockOptions {
  /** The first instant, in ms since the epoch. @default 1_700_000_000_000 */
  readonly now?: number;
  /** Value of `random()`; a number is returned every time. @default 0 */
  readonly random?: number | (() => number);
}

/** A clock that a test moves. */
export interface FakeClock extends Clock {
  /** Moves time on by `ms`: runs due timers in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Moves only the wall clock, in either direction, and no timer: as after a clock correction or a suspend. */
  jump(ms: number): void;
  /** Lets promises settle without passing time. */
  settle(): Promise<void>;
  /** Number of waiting timers. */
  readonly pending: number;
}

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

// The real timers, saved before a test runner replaces them.
const { setImmediate: immediate, setTimeout: timeout } = globalThis;

// A turn of the event loop instead of a number of awaits: settles promise chains of any length.
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof immediate === 'function') immediate(resolve);
    else timeout(resolve, 0);
  });

/** A clock that moves only by `advance`: thirty days of polling take a moment. */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  const { now: start = 1_700_000_000_000, random = 0 } = options;
  const timers = new Set<Timer>();
  let elapsed = 0;
  let jumped = 0;

  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueAt <= until && (next === undefined || timer.dueAt < next.dueAt)) next = timer;
    }
    return next;
  };

  return {
    now: () => start + elapsed + jumped,
    monotonic: () => elapsed,
    random: () => (typeof random === 'number' ? random : random()),
    schedule(delayMs, callback) {
      const timer: Timer = { dueAt: elapsed + Math.max(delayMs, 0), callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async advance(ms) {
      const until = elapsed + ms;
      await turn();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        elapsed = timer.dueAt;
        timer.callback();
        await turn();
      }
      elapsed = until;
    },
    jump(ms) {
      jumped += ms;
    },
    settle: turn,
    get pending() {
      return timers.size;
    },
  };
}
