import { expect, test } from 'vitest';
import type { JsonValue } from '../../packages/client/src/task/json.ts';
import { COMPLETED, polled, START } from './polled-world.ts';
import { verifies } from './scenarios.ts';
import { CREATED, callTask, createWorld, WORKING } from './world.ts';

test(
  verifies('P1', 'the first poll follows the hint of the creation reply, later polls the newest hint, up or down'),
  async () => {
    const hints = [5_000, 500, 500, 2_000];
    const world = polled((count) => ({ ...WORKING, pollIntervalMs: hints[count - 1] ?? 10_000 }), {
      created: { ...CREATED, pollIntervalMs: 3_000 },
    });
    await callTask(world);
    await world.clock.advance(12_000);
    expect(world.polls).toEqual([3_000, 8_000, 8_500, 9_000, 11_000]);
    await world.client.close();
  },
);

test.each<[string, JsonValue | undefined, number]>([
  ['absent', undefined, 2_000],
  ['0', 0, 2_000],
  ['-5', -5, 2_000],
  ['null', null, 2_000],
  ['"500"', '500', 2_000],
  ['1.5', 1.5, 250],
  ['2, seconds in a millisecond field', 2, 250],
  ['1e12', 1e12, 2 ** 31 - 1],
  ['2^31', 2 ** 31, 2 ** 31 - 1],
])(
  `${verifies('P2', 'a poll hint of')} %s causes no busy loop, failure or overflow`,
  async (_, pollIntervalMs, interval) => {
    const { pollIntervalMs: __, ...rest } = WORKING;
    const hint = pollIntervalMs === undefined ? {} : { pollIntervalMs };
    const world = polled((count) => (count < 3 ? { ...rest, ...hint } : COMPLETED), {
      created: { resultType: 'task', ...rest, ...hint },
    });
    const task = await callTask(world);
    // A huge hint: one second shows that no poll comes early.
    await world.clock.advance(interval > 1e6 ? 1_000 : 3 * interval);
    if (interval > 1e6) expect(world.polls).toEqual([]);
    else {
      expect(world.polls).toEqual([interval, 2 * interval, 3 * interval]);
      expect(await task.outcome()).toMatchObject({ status: 'completed' });
    }
    expect(task.latest.nextPollAt ?? 0).toBeLessThanOrEqual(START + 3 * (2 ** 31 - 1));
    await world.client.close();
  },
);

test(
  verifies('P3', 'a user minimum below the hint does not speed polling up, and a minimum above the hint slows it down'),
  async () => {
    const low = polled(() => WORKING, { minPollIntervalMs: 10 });
    const high = polled(() => WORKING, { minPollIntervalMs: 4_000 });
    await Promise.all([callTask(low), callTask(high)]);
    await low.clock.advance(4_000);
    await high.clock.advance(8_000);
    expect([low.polls, high.polls]).toEqual([
      [1_000, 2_000, 3_000, 4_000],
      [4_000, 8_000],
    ]);
    await Promise.all([low.client.close(), high.client.close()]);
  },
);

test(verifies('P3', 'tasks with hints of 500 ms and 30 s each keep their own interval'), async () => {
  const polls: Record<string, number[]> = { quick: [], slow: [] };
  const hints: Record<string, number> = { quick: 500, slow: 30_000 };
  const world = createWorld(({ method, params }) => {
    const taskId = String(params.name ?? params.taskId);
    if (method === 'tasks/get') polls[taskId]?.push(world.clock.now() - START);
    const task = { taskId, status: 'working', pollIntervalMs: hints[taskId] as number };
    return method === 'tools/call' ? { resultType: 'task', ...task } : task;
  });
  await callTask(world, 'quick');
  await callTask(world, 'slow');
  await world.clock.advance(60_000);
  expect(polls.quick).toHaveLength(120);
  expect(polls.slow).toEqual([30_000, 60_000]);
  await world.client.close();
});

test.each([
  ['an hour forward', 3_600_000],
  ['an hour back', -3_600_000],
])(`${verifies('P12', 'when the clock jumps')} %s, polling keeps its pace and nothing expires`, async (_, jump) => {
  const world = polled(() => WORKING);
  const task = await callTask(world);
  await world.clock.advance(5_000);
  world.clock.jump(jump);
  const before = world.polls.length;
  await world.clock.advance(10_000);
  const polls = world.polls.length - before;
  expect(polls).toBeGreaterThanOrEqual(9);
  expect(polls).toBeLessThanOrEqual(11);
  expect(task.latest).toMatchObject({ phase: 'open', status: 'working' });
  await world.client.close();
});

test(verifies('P12', 'when the clock is set back, every task is still polled, including slow ones'), async () => {
  const hints: Record<string, number> = { quick: 500, slow: 30_000 };
  const world = createWorld(({ method, params }) => {
    const taskId = String(params.name ?? params.taskId);
    const task = { taskId, status: 'working', pollIntervalMs: hints[taskId] as number };
    return method === 'tools/call' ? { resultType: 'task', ...task } : task;
  });
  await callTask(world, 'quick');
  await callTask(world, 'slow');
  world.clock.jump(-3_600_000);
  await world.clock.advance(61_000);
  const slow = world.connection.sent.filter(({ method, params }) => method === 'tasks/get' && params.taskId === 'slow');
  expect(slow.length).toBeGreaterThanOrEqual(1);
  await world.client.close();
});

test.each([1_000, 30_000])(
  `${verifies('P12', 'a machine that slept eight hours polls each task once on waking')}, then at its pace (%i ms)`,
  async (pollIntervalMs) => {
    const working = { ...WORKING, pollIntervalMs, ttlMs: null };
    const world = polled(() => working, { created: { resultType: 'task', ...working } });
    const task = await callTask(world);
    await world.clock.advance(pollIntervalMs + 200);
    expect(world.polls).toHaveLength(1);
    world.clock.jump(8 * 3_600_000);
    await world.clock.advance(999);
    expect(world.polls).toHaveLength(2);
    await world.clock.advance(3 * pollIntervalMs);
    expect(world.polls).toHaveLength(5);
    expect(task.latest).toMatchObject({ phase: 'open', status: 'working', trouble: undefined });
    await world.client.close();
  },
);
