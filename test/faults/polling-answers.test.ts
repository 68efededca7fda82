import { expect, test } from 'vitest';
import type { JsonValue } from '../../packages/client/src/task/json.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { fail } from '../../packages/client/src/testing/index.ts';
import { COMPLETED, polled, RESULT, START } from './polled-world.ts';
import { verifies } from './scenarios.ts';
import { CREATED, callTask, createWorld, QUESTION, WORKING } from './world.ts';

const unknownTask = (): never => fail({ kind: 'rpc', code: -32602, message: 'Unknown task' });

test.each([true, false])(
  `${verifies('P8', 'an update refused for an unknown task is confirmed by one poll')} (task gone: %s)`,
  async (gone) => {
    let updated = false;
    const world = createWorld(({ method }) => {
      if (method === 'tools/call') return CREATED;
      if (method === 'tasks/update') {
        updated = true;
        return unknownTask();
      }
      if (updated && gone) return unknownTask();
      return { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };
    });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    const before = world.connection.count('tasks/get');
    const answered = answerNow(task, 'approve', { action: 'decline' }).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
    await world.clock.settle();
    expect(task.latest.ledger.approve?.state).toBe('answering');
    await world.clock.advance(1_000);
    expect(world.connection.count('tasks/get')).toBe(before + 1);
    if (gone) expect(task.latest).toMatchObject({ phase: 'settled', outcome: { status: 'expired' } });
    else expect(task.latest).toMatchObject({ phase: 'open', ledger: { approve: { state: 'open' } } });
    expect(await answered).toBe(gone ? 'already-settled' : 'answer-invalid');
    expect(world.connection.count('tasks/update')).toBe(1);
    await world.client.close();
  },
);

test.each([true, false])(
  `${verifies('P8', 'a cancel refused for an unknown task is confirmed by one poll')} (task gone: %s)`,
  async (gone) => {
    const world = createWorld(({ method }) => {
      if (method === 'tools/call') return CREATED;
      return method === 'tasks/cancel' || gone ? unknownTask() : WORKING;
    });
    const task = await callTask(world);
    const cancelled = task.cancel().then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
    await world.clock.advance(1_000);
    expect(await cancelled).toBe(gone ? 'already-settled' : 'rpc-error');
    expect(task.latest.outcome?.status).toBe(gone ? 'expired' : undefined);
    expect([world.connection.count('tasks/cancel'), world.connection.count('tasks/get')]).toEqual([1, 1]);
    await world.client.close();
  },
);

test(
  verifies('P9', 'a poll reply about another task, or older than the last, is dropped, and polling continues'),
  async () => {
    const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;
    const answers: readonly JsonValue[] = [
      { ...WORKING, statusMessage: 'newest', lastUpdatedAt: at(5) },
      { ...WORKING, taskId: 't2', status: 'completed', result: RESULT },
      { ...WORKING, status: 'failed', error: { code: 1, message: 'old' }, lastUpdatedAt: at(4) },
    ];
    const world = polled((count) => answers[count - 1] ?? { ...COMPLETED, lastUpdatedAt: at(6) });
    const task = await callTask(world);
    await world.clock.advance(3_000);
    expect(task.latest).toMatchObject({ status: 'working', statusMessage: 'newest', taskId: 't1' });
    await world.clock.advance(2_000);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    world.connection.notify('notifications/tasks', { ...WORKING, status: 'working', lastUpdatedAt: at(9) });
    await world.clock.settle();
    expect(task.latest).toMatchObject({ phase: 'settled', status: 'completed' });
  },
);

test(verifies('P10', 'an unknown status is reported once with its body, and polling continues'), async () => {
  const at = (count: number): string => new Date(START + count).toISOString();
  const world = polled((count) =>
    count < 4 ? { ...WORKING, status: 'paused', lastUpdatedAt: at(count) } : { ...COMPLETED, lastUpdatedAt: at(count) },
  );
  const task = await callTask(world);
  const warnings: string[] = [];
  const reading = (async () => {
    for await (const update of task.updates()) if (update.kind === 'warning') warnings.push(update.message);
  })();
  await world.clock.advance(10_000);
  await reading;
  expect(warnings).toEqual([expect.stringContaining('"paused"')]);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test.each<[string, JsonValue]>([
  ['a list', [QUESTION]],
  ['null', null],
  ['entries without a method', { a: {}, b: 7 }],
])(
  verifies('Q8', 'a task that needs input with %s as its questions warns once, and polling continues'),
  async (_, inputRequests) => {
    const world = polled((count) =>
      count < 30 ? { ...WORKING, status: 'input_required', inputRequests } : { ...COMPLETED },
    );
    const task = await callTask(world);
    const warnings: string[] = [];
    const reading = (async () => {
      for await (const update of task.updates()) if (update.kind === 'warning') warnings.push(update.message);
    })();
    await world.clock.advance(120_000);
    await reading;
    expect(warnings).toEqual(['The server needs input but lists no question that can be answered here']);
    expect(await task.outcome()).toMatchObject({ status: 'completed' });
  },
);

test.each([
  ['completed without a result', { ...WORKING, status: 'completed' }, 'unknown'],
  ['failed without an error', { ...WORKING, status: 'failed' }, 'failed'],
])(`${verifies('P10', '')}%s is reported once with its body and is no success`, async (_, body, status) => {
  const world = polled(() => body);
  const task = await callTask(world);
  await world.clock.advance(60_000);
  expect(await task.outcome()).toMatchObject({ status, error: { data: body } });
  expect((await task.outcome()).result).toBeUndefined();
  expect(world.polls).toHaveLength(1);
});

test(verifies('P11', 'a timeout ends the wait for a task that never ends, not the task'), async () => {
  const world = polled(() => ({ ...WORKING, lastUpdatedAt: '2026-01-01T00:00:00Z' }));
  const task = await callTask(world);
  const outcome = task.outcome({ timeoutMs: 600_000 });
  await world.clock.advance(600_000);
  expect(await outcome).toEqual({ status: 'timed_out' });
  expect(world.connection.count('tasks/cancel')).toBe(0);
  expect((await world.store.list({ open: true })).records).toMatchObject([{ status: 'working' }]);
  await world.client.close();
});
