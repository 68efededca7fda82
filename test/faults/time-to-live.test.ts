import { expect, test } from 'vitest';
import { expiryOf } from '../../packages/client/src/task/record.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { fail } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { CREATED, callTask, createWorld, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const COMPLETED = { ...WORKING, status: 'completed', result: RESULT };
const DAY = 24 * 3_600_000;

test(
  verifies('T1', 'a task past its time to live is still polled with one warning, and its result is delivered'),
  async () => {
    const world = createWorld(({ method }, count) => {
      if (method === 'tools/call') return { ...CREATED, ttlMs: 5_000 };
      return count < 20 ? { ...WORKING, ttlMs: 5_000 } : COMPLETED;
    });
    const task = await callTask(world);
    const warnings: string[] = [];
    const reading = (async () => {
      for await (const update of task.updates()) if (update.kind === 'warning') warnings.push(update.message);
    })();
    await world.clock.advance(30_000);
    await reading;
    expect(warnings).toEqual([expect.stringContaining('past its time to live')]);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  },
);

test(
  verifies('T2', 'the newest time to live counts, whether higher, lower or unlimited, and never ends the task'),
  async () => {
    const ttls = [5_000, 90_000, 1_000, null, 0, 30 * DAY];
    const world = createWorld(({ method }, count) =>
      method === 'tools/call'
        ? CREATED
        : { ...WORKING, ttlMs: ttls[Math.min(count, ttls.length) - 1] as number | null },
    );
    const task = await callTask(world);
    const startedAt = world.clock.now();
    const seen: (number | undefined)[] = [];
    for (const _ of ttls) {
      await world.clock.advance(1_000);
      const expiresAt = expiryOf(task.latest);
      seen.push(expiresAt === undefined ? undefined : expiresAt - startedAt);
      expect(task.latest).toMatchObject({ phase: 'open', status: 'working' });
    }
    expect(seen).toEqual([5_000, 90_000, 1_000, undefined, 0, 30 * DAY]);
    await world.client.close();
  },
);

test.each([-600_000, 600_000])(
  `${verifies('T3', 'a server clock that is off by')} %i ms expires nothing and moves no countdown`,
  async (offset) => {
    const world = createWorld(({ method }) => {
      const instant = new Date(world.clock.now() + offset).toISOString();
      const task = { ...WORKING, createdAt: instant, lastUpdatedAt: instant };
      return method === 'tools/call' ? { resultType: 'task', ...task } : task;
    });
    const startedAt = world.clock.now();
    const task = await callTask(world);
    await world.clock.advance(30_000);
    expect(expiryOf(task.latest)).toBe(startedAt + 60_000);
    expect(task.latest).toMatchObject({ status: 'working', trouble: undefined });
    await world.client.close();
  },
);

test(verifies('T3', 'the countdown starts with the task, not with the questions before it'), async () => {
  const world = createWorld(({ method, params }) => {
    if (method !== 'tools/call') return WORKING;
    if (params.requestState !== undefined) return CREATED;
    const inputRequests = { go: { method: 'elicitation/create', params: { message: 'Go?' } } };
    return { resultType: 'input_required', inputRequests, requestState: 's' };
  });
  const task = await callTask(world);
  await world.clock.advance(1_800_000);
  await answerNow(task, 'go', { action: 'accept' });
  expect(expiryOf(task.latest)).toBe(world.clock.now() + 60_000);
  await world.client.close();
});

test(
  verifies('T4', 'a task that expired while unfollowed is reported as expired, with the time of discovery'),
  async () => {
    const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : WORKING));
    await callTask(world);
    await world.client.close();
    world.clock.jump(DAY);
    const later = world.another({ script: () => fail({ kind: 'rpc', code: -32602, message: 'Unknown task' }) });
    const task = await later.client.get('t1').follow();
    const outcome = task.outcome();
    await later.clock.advance(2_000);
    expect(await outcome).toMatchObject({ status: 'expired', error: { message: 'Unknown task' } });
    const last = task.latest.history.at(-1);
    expect(last).toMatchObject({ status: 'expired', message: 'Unknown task' });
    expect(last?.at).toBeGreaterThan(world.clock.now() - 3_000);
  },
);

test(
  verifies('T4', 'a received result is returned from the record, even when the server has forgotten the task'),
  async () => {
    const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : COMPLETED));
    await callTask(world);
    await world.clock.advance(2_000);
    await world.client.close();
    const later = world.another({ script: () => fail({ kind: 'rpc', code: -32602, message: 'Unknown task' }) });
    const task = await later.client.get('t1').follow();
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(later.connection.sent).toEqual([]);
  },
);
