import type { Clock } from '../clock.ts';
import { MAX_TIMER_MS } from '../machine/poll-pace.ts';

/** Time and randomness of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  schedule(delayMs, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number): void => {
      const stretchMs = Math.min(leftMs, MAX_TIMER_MS); // a longer timer would fire after 1 ms
      timer = setTimeout(() => (leftMs > stretchMs ? wait(leftMs - stretchMs) : callback()), stretchMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};
