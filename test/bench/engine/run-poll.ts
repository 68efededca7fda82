import type { Contender, PollFigures, PollMeasurement } from './measurement.ts';
import { countStatements, cpuUs, percentile, watchLoop } from './meters.ts';
import { openWorld, type World } from './open-world.ts';
import { driveOurs, openClient, openFilled } from './ours.ts';
import { driveBare, driveExtTasks } from './peers.ts';

interface Prepared {
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Preparation before the first poll; it is not measured. */
async function prepare(contender: Contender, world: World, hintMs: number): Promise<Prepared> {
  const none = async (): Promise<void> => undefined;
  if (contender === 'bare') return { run: () => driveBare(world, hintMs), close: none };
  if (contender === 'ext-tasks') return { run: () => driveExtTasks(world, hintMs), close: none };
  const filled = await openFilled(contender, world, hintMs);
  const client = await openClient(world, filled.store);
  return {
    run: () => driveOurs(client),
    async close() {
      await client.close();
      await filled.close();
    },
  };
}

export async function runPoll({ contender, wire, ...plan }: PollMeasurement): Promise<PollFigures> {
  const statements = countStatements();
  const world = await openWorld(wire, plan);
  const prepared = await prepare(contender, world, plan.hintMs);
  const before = { cpu: cpuUs(), at: performance.now(), statements: statements() };
  const loop = watchLoop();
  await prepared.run();
  const { p99Ms, maxMs } = loop.stop();
  const cpu = cpuUs() - before.cpu;
  const wallMs = performance.now() - before.at;
  const ran = statements() - before.statements;
  const { polls, lateness } = await world.seen();
  await prepared.close();
  await world.stop();
  return {
    polls,
    cpuPerPollUs: cpu / polls,
    wallMs,
    lateP50Ms: percentile(lateness, 0.5),
    lateP99Ms: percentile(lateness, 0.99),
    loopP99Ms: p99Ms,
    loopMaxMs: maxMs,
    statementsPerSecond: ran / (wallMs / 1000),
  };
}
