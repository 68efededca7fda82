import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import { openJournal } from './journal.ts';
import { endProcess } from './server-process.ts';
import type { Stage } from './stage.ts';
import { livingStdioServers } from './stdio-servers.ts';

/** Seconds between two faults of the same kind. */
const PAUSES = {
  worker: [5, 12],
  server: [12, 30],
  'stdio server': [10, 25],
  'stopped worker': [20, 45],
  'lost store': [20, 45],
  'ended connection': [10, 25],
} as const;
type Victim = keyof typeof PAUSES;
/** Shorter and longer than the heartbeat timeout of an owner, in ms. */
const ABSENT_MS = [3000, 16_000] as const;

/** Kills processes with -9, stops them, and cuts off stores and connections, each kind at its own pace. */
export interface FaultInjection {
  readonly strikes: Readonly<Record<Victim, number>>;
  /** Resolves when every killed server runs again. */
  stop(): Promise<void>;
}

export function startInjection({ fleet, servers, stdioPids, journalFile }: Stage, chance: Chance): FaultInjection {
  const journal = openJournal(journalFile, 'soak');
  const strikes: Record<Victim, number> = {
    worker: 0,
    server: 0,
    'stdio server': 0,
    'stopped worker': 0,
    'lost store': 0,
    'ended connection': 0,
  };
  const timers = new Map<Victim, NodeJS.Timeout>();
  let restarting = Promise.resolve();

  async function replaceServer(): Promise<void> {
    const { process: server } = chance.oneOf(servers);
    await server.kill();
    await sleep(chance.between(200, 3000));
    await server.start();
  }

  function strike(victim: Victim): void {
    if (victim === 'worker' && !fleet.killOne()) return;
    if (victim === 'stdio server') {
      const living = livingStdioServers(stdioPids);
      if (living.length === 0 || !endProcess(chance.oneOf(living))) return;
      journal.write({ kind: 'killed', what: victim });
    }
    const forMs = chance.between(...ABSENT_MS);
    if (victim === 'stopped worker' && !fleet.freezeOne(forMs)) return;
    const how = chance.oneOf(['refuses', 'hangs'] as const);
    if (victim === 'lost store' && !fleet.order({ kind: 'lose-store', how, forMs })) return;
    if (victim === 'ended connection' && !fleet.order({ kind: 'end-connection' })) return;
    if (victim === 'server') restarting = restarting.then(replaceServer).catch(() => undefined); // shows up at the end
    strikes[victim] += 1;
  }

  function plan(victim: Victim): void {
    const [low, high] = PAUSES[victim];
    const timer = setTimeout(() => {
      strike(victim);
      plan(victim);
    }, chance.between(low, high) * 1000);
    timers.set(victim, timer);
  }

  for (const victim of Object.keys(PAUSES) as Victim[]) plan(victim);
  return {
    strikes,
    async stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      await restarting;
    },
  };
}
