import type { Clock } from '../clock.ts';
import { MAX_TIMER_MS } from '../machine/poll-pace.ts';

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  schedule(delayMs, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number): void => {
      const stretchMs = Math.min(leftMs, MAX_TIMER_MS); // the platform turns a longer one into 1 ms
      timer = setTimeout(() => (leftMs > stretchMs ? wait(leftMs - stretchMs) : callback()), stretchMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};
