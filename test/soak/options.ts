import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Total number of calls. */
  readonly tasks: number;
  /** Run hosts with bridges instead of workers. */
  readonly bridge: boolean;
}

export const USAGE = `Usage: npm run soak -- [--bridge] [--minutes N] [--seed S] [--tasks N]

Runs real client processes against real demo servers through a proxy that injects faults, kills both with -9, stops
clients, cuts off their stores and connections, and compares the servers' logs with the clients' records. Exits with 1 when they differ.

  --bridge      run hosts with bridges; hosts, fronts, keepers and servers are killed
  --minutes N   how long faults are injected (2)
  --seed S      seed of the random choices (1)
  --tasks N     number of calls (120 for each minute, at most 3000)`;

const MAX_TASKS = 3000;
const TASKS_A_MINUTE = 120;

export function readOptions(args: readonly string[]): SoakOptions | string {
  const text = { type: 'string' } as const;
  const options = { minutes: text, seed: text, tasks: text, bridge: { type: 'boolean' } } as const;
  let values: { readonly minutes?: string; readonly seed?: string; readonly tasks?: string; readonly bridge?: boolean };
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`;
  }
  const minutes = Number(values.minutes ?? 2);
  const seed = Number(values.seed ?? 1);
  const tasks = Number(values.tasks ?? Math.min(MAX_TASKS, Math.max(30, Math.round(TASKS_A_MINUTE * minutes))));
  if (!(minutes > 0 && minutes <= 600)) return `--minutes takes a number up to 600\n\n${USAGE}`;
  if (!Number.isSafeInteger(seed)) return `--seed takes a whole number\n\n${USAGE}`;
  if (!(Number.isSafeInteger(tasks) && tasks > 0 && tasks <= MAX_TASKS)) {
    return `--tasks takes a whole number up to ${MAX_TASKS}\n\n${USAGE}`;
  }
  return { minutes, seed, tasks, bridge: values.bridge === true };
}
