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

const gates = new Map<string, WeakRef<Gate>>();

/** One server's share: at most 8 in flight there, by however many clients, and 64 in the whole process. */
export function gateOf(fingerprint: string): Gate {
  const known = gates.get(fingerprint)?.deref();
  if (known !== undefined) return known;
  const server = createGate(SERVER_LIMIT);
  const gate: Gate = { run: (work) => server.run(() => processGate.run(work)) };
  gates.set(fingerprint, new WeakRef(gate));
  return gate;
}
