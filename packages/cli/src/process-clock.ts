import type { Clock } from '@mcp-tasks/client';

/** Node.js fires a longer timer after 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Time and randomness of this process. */
export const processClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  random: Math.random,
  schedule(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const stretchMs = Math.min(leftMs, MAX_TIMER_MS);
      timer = setTimeout(() => (leftMs > stretchMs ? wait(leftMs - stretchMs) : callback()), stretchMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};
