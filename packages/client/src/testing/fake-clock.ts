import type { Clock } from '../clock.ts';

/** Where the clock begins, and what chance it deals. */
export interface FakeClockOptions {
  /** The first instant, in ms since the epoch. @default 1_700_000_000_000 */
  readonly now?: number;
  /** The chance it deals; a number is dealt every time. @default 0 */
  readonly random?: number | (() => number);
}

/** A clock that a test moves. */
export interface FakeClock extends Clock {
  /** Lets this many ms pass: runs what falls due, in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock and no timer, either way: a corrected clock, or a machine that slept. */
  jump(ms: number): void;
  /** Lets promises settle; no time passes. */
  settle(): Promise<void>;
  /** How many timers wait. */
  readonly pending: number;
}

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

// Kept from before a test runner may put its own timers in place.
const { setImmediate: immediate, setTimeout: timeout } = globalThis;

// A turn of the event loop, not a number of awaits: it drains promise chains of any length.
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof immediate === 'function') immediate(resolve);
    else timeout(resolve, 0);
  });

/** A clock that stands until it is told to go on: thirty days of polling pass in a moment. */
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
