import type { Chance } from '../chance.ts';
import { endProcess, type ServerProcess } from '../server-process.ts';
import type { EventLog, Victim } from './event-log.ts';
import type { Hosts } from './hosts.ts';
import { processesOf } from './processes.ts';

/** Seconds between two kills of the same kind. */
const PAUSES: Readonly<Record<Victim, readonly [number, number]>> = {
  front: [2, 6],
  keeper: [6, 14],
  host: [4, 10],
  'HTTP server': [10, 25],
  'stdio server': [8, 20],
};

export interface BridgeKills {
  readonly strikes: Readonly<Record<Victim, number>>;
  /** Resolves when every killed server runs again. */
  stop(): Promise<void>;
}

/** Kills (-9) the processes between a model and a tool, each kind at its own pace. */
export function startBridgeKills(
  {
    root,
    hosts,
    servers,
    eventLog,
  }: { root: string; hosts: Hosts; servers: readonly ServerProcess[]; eventLog: EventLog },
  chance: Chance,
): BridgeKills {
  const strikes: Record<Victim, number> = { front: 0, keeper: 0, host: 0, 'HTTP server': 0, 'stdio server': 0 };
  const timers = new Map<Victim, NodeJS.Timeout>();
  let restarting = Promise.resolve();

  async function replaceServer(): Promise<void> {
    const server = chance.oneOf(servers);
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, chance.between(200, 2500)));
    await server.start();
  }

  function strikeOne(victim: Victim): boolean {
    switch (victim) {
      case 'host':
        return hosts.killOne();
      case 'HTTP server':
        restarting = restarting.then(replaceServer).catch(() => undefined);
        return true;
      default: {
        const found = processesOf(root).filter(({ kind }) => kind === victim);
        return found.length > 0 && endProcess(chance.oneOf(found).pid);
      }
    }
  }

  function plan(victim: Victim): void {
    const [low, high] = PAUSES[victim];
    const strike = (): void => {
      // Log the kill first, so that its consequences come later in the log.
      eventLog.write({ kind: 'killed', what: victim });
      if (strikeOne(victim)) strikes[victim] += 1;
      plan(victim);
    };
    timers.set(victim, setTimeout(strike, chance.between(low, high) * 1000));
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
