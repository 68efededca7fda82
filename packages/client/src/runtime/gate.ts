/** Lets at most so many requests be in flight; the rest wait in the order they came. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createGate(limit: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next(); // hands its place on
      }
    },
  };
}

const PROCESS_LIMIT = 64;
const SERVER_LIMIT = 8;

const processGate = createGate(PROCESS_LIMIT);

/** One server's share: at most 8 in flight there, and 64 in the whole process. */
export function createServerGate(): Gate {
  const server = createGate(SERVER_LIMIT);
  return { run: (work) => server.run(() => processGate.run(work)) };
}
