import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createFakeClock } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { callTask, createWorld } from './world.ts';

test(
  verifies('P13', '500 tasks are all polled, out of lockstep, with no more requests in flight than the limit'),
  async () => {
    let running = 0;
    let most = 0;
    let chance = 0;
    const polls = new Map<string, number[]>();
    const world = createWorld(
      async ({ method, params }) => {
        const taskId = String(params.taskId);
        if (method === 'tools/call') {
          const name = `task-${polls.size}`;
          polls.set(name, []);
          return { resultType: 'task', taskId: name, status: 'working', pollIntervalMs: 10_000 };
        }
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => world.clock.schedule(5, resolve));
        running -= 1;
        polls.get(taskId)?.push(world.clock.now());
        return { taskId, status: 'working', pollIntervalMs: 10_000 };
      },
      { clock: createFakeClock({ random: () => (chance = (chance + 0.618034) % 1) }), maxInFlight: 8 },
    );
    for (let count = 0; count < 500; count += 1) await callTask(world);
    await world.clock.advance(60_000);
    expect(most).toBeLessThanOrEqual(8);
    const counts = [...polls.values()].map((instants) => instants.length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(4);
    const instants = new Set([...polls.values()].map((each) => each.at(-1)));
    expect(instants.size).toBeGreaterThan(60);
    await world.client.close();
    expect(world.clock.pending).toBe(0);
  },
);

test(verifies('P13', 'polling 500 tasks for 15 minutes leaks no listener, timer or memory'), async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const warnings: string[] = [];
  const warn = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', warn);
  let tasks = 0;
  const world = createWorld(
    ({ method, params }) => {
      if (method === 'tools/call') tasks += 1;
      const taskId = method === 'tools/call' ? `task-${tasks}` : String(params.taskId);
      return { resultType: 'task', taskId, status: 'working', pollIntervalMs: 20_000 };
    },
    { clock: createFakeClock({ random: spreadRandom() }) },
  );
  for (let count = 0; count < 500; count += 1) await callTask(world);
  const sent = world.connection.sent as unknown[];
  let polls = 0;
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 20) {
      await world.clock.advance(20_000);
      polls += sent.length;
      sent.length = 0; // the server's own log
    }
  };
  await pass(300);
  const timers = world.clock.pending;
  const before = used();
  await pass(600);
  expect(polls).toBeGreaterThan(500 * 35);
  expect(used() - before).toBeLessThan(4 * 1024 * 1024);
  expect(world.clock.pending).toBe(timers);
  await world.client.close();
  expect(world.clock.pending).toBe(0);
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

test(
  verifies(['P13', 'O7'], '10,000 tasks on 20 servers share 64 requests in flight, and every task is polled'),
  async () => {
    const clock = createFakeClock({ random: spreadRandom() });
    let most = 0;
    const polls = new Map<string, number>();
    let inFlight = 0;
    const worlds = Array.from({ length: 20 }, (_, server) => {
      let made = 0;
      return createWorld(
        async ({ method, params }) => {
          if (method === 'tools/call') made += 1;
          const taskId = method === 'tools/call' ? `${server}-${made}` : String(params.taskId);
          const task = { resultType: 'task', taskId, status: 'working', pollIntervalMs: 30_000 };
          if (method === 'tools/call') return task;
          inFlight += 1;
          most = Math.max(most, inFlight);
          await new Promise<void>((resolve) => clock.schedule(100, resolve));
          inFlight -= 1;
          polls.set(taskId, (polls.get(taskId) ?? 0) + 1);
          return task;
        },
        { clock, fingerprint: `server-${server}` },
      );
    });
    for (const world of worlds) await Promise.all(Array.from({ length: 500 }, () => callTask(world)));
    await clock.advance(70_000);
    expect(most).toBeLessThanOrEqual(64);
    expect(polls.size).toBe(10_000);
    expect(Math.min(...polls.values())).toBeGreaterThanOrEqual(1);
    await Promise.all(worlds.map(({ client }) => client.close()));
    await clock.advance(100); // the server finishes its current replies
    expect(clock.pending).toBe(0);
  },
);

/** Evenly spread random values, the same in every run. */
function spreadRandom(): () => number {
  let chance = 0;
  return () => {
    chance = (chance + 0.618034) % 1;
    return chance;
  };
}
