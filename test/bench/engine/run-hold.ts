import { setTimeout as sleep } from 'node:timers/promises';
import { followOpen } from '../../../packages/client/src/testing/follow-open.ts';
import type { CreateFigures, CreateMeasurement, HoldFigures, HoldMeasurement } from './measurement.ts';
import { countStatements, cpuUs, liveBytes, watchLoop } from './meters.ts';
import { openWorld } from './open-world.ts';
import { createTask, openClient, openFilled } from './ours.ts';
import { driveBare, driveExtTasks } from './peers.ts';

const HINT_MS = 600_000;
const IN_FLIGHT = 50;
/** Pause that lets the histogram record the last event loop delay, in ms. */
const LAST_TURN_MS = 50;

/** Resumes n tasks that are not due for minutes, and measures the cost of holding them. */
export async function runHold({ contender, tasks, windowMs }: HoldMeasurement): Promise<HoldFigures> {
  const statements = countStatements();
  const isOurs = contender === 'memory' || contender === 'sqlite';
  const world = await openWorld('in process', { tasks, hintMs: HINT_MS, polls: Number.POSITIVE_INFINITY, news: false });
  const heapBefore = liveBytes();
  const filled = isOurs ? await openFilled(contender, world, HINT_MS) : undefined;
  const client = filled === undefined ? undefined : await openClient(world, filled.store);
  const loop = watchLoop();
  const began = cpuUs();
  const handles = client && (await followOpen(client));
  if (contender === 'bare') void driveBare(world, 0, new AbortController().signal);
  if (contender === 'ext-tasks') void driveExtTasks(world, 0, new AbortController().signal);
  if (!isOurs) await sleep(2_000);
  const resumeCpuMs = (cpuUs() - began) / 1000;
  await sleep(LAST_TURN_MS);
  const { maxMs: resumeHeldMs } = loop.stop();
  const held = liveBytes() - heapBefore;
  const before = { cpu: cpuUs(), statements: statements() };
  await sleep(windowMs);
  const idleCpuPercent = (cpuUs() - before.cpu) / 10 / windowMs;
  const statementsPerSecond = (statements() - before.statements) / (windowMs / 1000);
  if (isOurs && handles?.length !== tasks) throw new Error(`${handles?.length} of ${tasks} tasks were resumed`);
  await client?.close();
  await filled?.close();
  return { resumeCpuMs, resumeHeldMs, heapPerTaskBytes: held / tasks, statementsPerSecond, idleCpuPercent };
}

/** Calls a tool repeatedly, with several calls in flight. */
export async function runCreate({ contender, calls }: CreateMeasurement): Promise<CreateFigures> {
  const plan = { tasks: 0, hintMs: HINT_MS, polls: Number.POSITIVE_INFINITY, news: false };
  const world = await openWorld('in process', plan);
  const filled = await openFilled(contender, world, HINT_MS);
  const client = await openClient(world, filled.store);
  await createTask(client);
  const before = { cpu: cpuUs(), at: performance.now() };
  let left = calls;
  const work = async (): Promise<void> => {
    while (left-- > 0) await createTask(client);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const cpuPerCallMs = (cpuUs() - before.cpu) / 1000 / calls;
  const wallPerCallMs = (performance.now() - before.at) / calls;
  await client.close();
  await filled.close();
  return { cpuPerCallMs, wallPerCallMs };
}
