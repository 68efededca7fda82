import type { FleetWorker, FleetWorld } from './fleet-world.ts';
import { pause, waitFor } from './wait-for.ts';

/** Longer than a heartbeat keeps a stopped or cut-off worker alive, in ms. */
const AWAY_MS = 14_000;

export type Fault = 'kill' | 'stop' | 'silence' | 'cut' | 'restart';

function anyWorker(world: FleetWorld): FleetWorker {
  const all = [...world.workers].filter(({ held }) => held > 0);
  const chosen = all[Math.floor(Math.random() * all.length)];
  if (chosen === undefined) throw new Error('No worker holds a task');
  return chosen;
}

/** Waits until this worker holds no lease; returns the time, in ms. */
async function waitForTakeover(world: FleetWorld, owner: string): Promise<number> {
  const since = Date.now();
  await waitFor(async () => (await world.heldBy(owner)) === 0, 50);
  return Date.now() - since;
}

async function interrupt(
  world: FleetWorld,
  suspend: (worker: FleetWorker) => void,
  restore: (worker: FleetWorker) => void,
) {
  const worker = anyWorker(world);
  const owner = await worker.owner;
  suspend(worker);
  const over = pause(AWAY_MS);
  const tookMs = await waitForTakeover(world, owner);
  await over;
  restore(worker);
  return tookMs;
}

/** Applies a fault to one worker or the database; returns the time until every task had a live owner, in ms. */
export async function injectFault(world: FleetWorld, kind: Fault): Promise<number> {
  switch (kind) {
    case 'kill': {
      const worker = anyWorker(world);
      const owner = await worker.owner;
      worker.signal('SIGKILL');
      const tookMs = await waitForTakeover(world, owner);
      await world.start();
      return tookMs;
    }
    case 'stop':
      return interrupt(
        world,
        (worker) => worker.signal('SIGSTOP'),
        (worker) => worker.signal('SIGCONT'),
      );
    case 'silence':
    case 'cut':
      return interrupt(
        world,
        ({ proxy }) => proxy.cut(kind === 'cut' ? 'ended' : 'silent'),
        ({ proxy }) => proxy.restore(),
      );
    case 'restart': {
      const since = Date.now();
      await world.database.stop('SIGINT');
      await pause(1_000);
      await world.database.start();
      const polls = world.server.count.polls;
      // The work continues when all owners are live and the server is polled again.
      const open = [...world.server.tasks.values()].filter(({ status }) => status !== 'completed').length;
      await waitFor(async () => (await world.heldByAll()) >= open && world.server.count.polls > polls, 50);
      return Date.now() - since;
    }
  }
}
