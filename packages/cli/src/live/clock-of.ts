import type { Clock } from '@mcp-tasks/client';
import type { Context } from '../context.ts';

/** The clock of this process, for what has timers: tests pass another one in. */
export function clockOf({ now }: Pick<Context, 'now'>): Clock {
  return {
    now,
    monotonic: () => performance.now(),
    random: Math.random,
    schedule(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
