import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'libsql';

const RESOLUTION_MS = 10;

/** CPU time of this process, in µs. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Bytes in use on the heap and in buffers. Needs `--expose-gc`. */
export function liveBytes(): number {
  const { gc } = globalThis as { readonly gc?: () => void };
  gc?.();
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Event loop delay, in ms. */
export function watchLoop(): { stop(): { readonly p99Ms: number; readonly maxMs: number } } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const over = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return {
    stop() {
      histogram.disable();
      return { p99Ms: over(histogram.percentile(99)), maxMs: over(histogram.max) };
    },
  };
}

/** Counts the statements run on any SQLite database from now on, with any store. */
export function countStatements(): () => number {
  let count = 0;
  /** One library method calls another: count the outer call only. */
  let isInside = false;
  const probe = new Database(':memory:');
  const countCalls = (holder: object, names: readonly string[]): void => {
    for (const name of names) {
      const real = Reflect.get(holder, name) as ((...args: unknown[]) => unknown) | undefined;
      if (real === undefined) continue;
      Reflect.set(holder, name, function (this: unknown, ...args: unknown[]) {
        if (isInside) return real.apply(this, args);
        count += 1;
        isInside = true;
        try {
          return real.apply(this, args);
        } finally {
          isInside = false;
        }
      });
    }
  };
  countCalls(Object.getPrototypeOf(probe), ['exec', 'pragma']);
  countCalls(Object.getPrototypeOf(probe.prepare('SELECT 1')), ['run', 'get', 'all', 'iterate']);
  probe.close();
  return () => count;
}

export function percentile(values: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
