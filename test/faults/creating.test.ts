import { expect, test } from 'vitest';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, fail } from '../../packages/client/src/testing/index.ts';
import { COMPLETED, RESULT } from './polled-world.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CORE_WORKING, CREATED, callTask, createWorld, methodsOf, QUESTION, WORKING } from './world.ts';

test(verifies('C1', 'a reply without a task is the result, and nothing is polled'), async () => {
  const world = createWorld(() => ({ resultType: 'complete', ...RESULT }));
  expect(await acceptedCall(world.client, { name: 'echo' })).toMatchObject({ kind: 'complete', result: RESULT });
  await world.clock.advance(60_000);
  expect(methodsOf(world)).toEqual(['tools/call']);
  expect((await world.store.list({ open: true })).records).toEqual([]);
});

test(verifies('C1', 'a task created as completed is polled exactly once'), async () => {
  const world = createWorld(({ method }) =>
    method === 'tools/call' ? { ...CREATED, status: 'completed' } : COMPLETED,
  );
  const task = await callTask(world);
  await world.clock.advance(60_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  expect(methodsOf(world)).toEqual(['tools/call', 'tasks/get']);
});

test(
  verifies('C3', 'a connection that drops before the reply leaves one call and a record that it may have run'),
  async () => {
    const world = createWorld(() => fail({ kind: 'transport', message: 'ECONNRESET' }));
    await expect(acceptedCall(world.client, { name: 'deploy' })).rejects.toMatchObject({
      code: 'connection-lost',
      hint: expect.stringContaining('may have run'),
    });
    await world.clock.advance(3_600_000);
    expect(methodsOf(world)).toEqual(['tools/call']);
    expect((await world.store.list({ open: true })).records).toMatchObject([
      { phase: 'intent', status: 'unknown', outcome: null },
    ]);
  },
);

test(verifies('C3', 'resuming a call of a dead process returns unknown and does not repeat the call'), async () => {
  const world = createWorld(() => new Promise(() => undefined));
  void acceptedCall(world.client, { name: 'deploy' });
  await world.clock.settle();
  const [record] = (await world.store.list()).records;
  const other = world.another();
  await world.clock.advance(60_000); // the first process is alive and renews its lease
  await world.client.close();
  const task = await other.client.get(record?.id ?? '').follow();
  expect(await task.outcome()).toEqual({ status: 'unknown' });
  expect(task.latest.trouble).toContain('may have run');
  expect(other.connection.sent).toEqual([]);
});

test(verifies('C4', 'a task created after its caller aborted is recorded, followed and not cancelled'), async () => {
  let answer: (value: JsonValue) => void = () => undefined;
  const world = createWorld(({ method }) =>
    method === 'tools/call'
      ? new Promise((resolve) => {
          answer = resolve;
        })
      : WORKING,
  );
  const leaving = new AbortController();
  const call = acceptedCall(world.client, { name: 'deploy', signal: leaving.signal });
  await world.clock.settle();
  leaving.abort();
  await expect(call).rejects.toMatchObject({ code: 'aborted' });
  answer(CREATED);
  await world.clock.advance(2_000);
  expect((await world.store.list({ open: true })).records).toMatchObject([
    { phase: 'open', taskId: 't1', status: 'working' },
  ]);
  expect(world.connection.count('tasks/cancel')).toBe(0);
  await world.client.close();
});

test(verifies('C4', 'a task created after its client was closed is still recorded'), async () => {
  let answer: (value: JsonValue) => void = () => undefined;
  const world = createWorld(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const call = acceptedCall(world.client, { name: 'deploy' }).catch(() => undefined);
  await world.clock.settle();
  await world.client.close();
  answer(CREATED);
  await call;
  expect((await world.store.list()).records).toMatchObject([{ phase: 'open', taskId: 't1' }]);
  expect(world.clock.pending).toBe(0);
});

test(verifies(['C4', 'M1'], 'a task created after its process slept through its lease is still recorded'), async () => {
  let answer: (value: JsonValue) => void = () => undefined;
  const world = createWorld(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const call = acceptedCall(world.client, { name: 'deploy' });
  await world.clock.settle();
  const [record] = (await world.store.list()).records;
  world.clock.jump(60_000);
  const other = world.another({ script: () => WORKING });
  const watched = await other.client.get(record?.id ?? '').follow();
  expect(await watched.outcome()).toEqual({ status: 'unknown' });
  answer(CREATED);
  const made = await call;
  expect(made).toMatchObject({ kind: 'task', task: { latest: { taskId: 't1', phase: 'open' } } });
  await world.clock.advance(5_000);
  expect(watched.latest).toMatchObject({ taskId: 't1', phase: 'open', status: 'working' });
  expect(world.connection.count('tools/call')).toBe(1);
  await Promise.all([world.client.close(), other.client.close()]);
});

test.each<[string, JsonValue]>([
  ['lacks ttlMs', { resultType: 'task', taskId: 't1', status: 'working', pollIntervalMs: 1_000 }],
  ['has extra fields', { ...CREATED, _meta: { a: 1 }, content: [], novelty: { deep: [true] } }],
  ['nests its task', { resultType: 'task', task: WORKING }],
  ['starts as input_required', { ...CREATED, status: 'input_required' }],
  ['has nonsense in every other field', { resultType: 'task', taskId: 't1', status: 7, ttlMs: 'x', createdAt: [] }],
  ['has only its id', { resultType: 'task', taskId: 't1' }],
])(`${verifies('C5', 'a task whose creation reply')} %s is kept and polled to its end`, async (_, created) => {
  const world = createWorld(({ method }) => (method === 'tools/call' ? created : COMPLETED));
  const task = await callTask(world);
  expect((await world.store.find('t1')).records).toHaveLength(1);
  await world.clock.advance(3_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
});

test(verifies('C6', 'several rounds of questions before a task echo each requestState unchanged'), async () => {
  const states = ['{"round": 1}\u0000 \ud83d\ude00', 'b'.repeat(10_000)];
  const world = createWorld(({ method }, count) => {
    if (method !== 'tools/call') return { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };
    if (count > 2) return CREATED;
    return {
      resultType: 'input_required',
      inputRequests: { approve: QUESTION },
      requestState: states[count - 1] as string,
    };
  });
  const task = await callTask(world);
  expect(task.latest).toMatchObject({ phase: 'asking', taskId: null });
  await answerNow(task, 'approve', ACCEPT);
  expect(task.latest).toMatchObject({ phase: 'asking', taskId: null, ledger: { approve: { state: 'open' } } });
  await answerNow(task, 'approve', { action: 'decline' });
  const calls = world.connection.sent.filter(({ method }) => method === 'tools/call');
  expect(calls.map(({ params }) => [params.requestState, params.inputResponses])).toEqual([
    [undefined, undefined],
    [states[0], { approve: ACCEPT }],
    [states[1], { approve: { action: 'decline' } }],
  ]);
  expect(task.latest).toMatchObject({ phase: 'open', taskId: 't1', requestState: undefined });
  await world.clock.advance(1_000);
  // The task reuses key and text: it is a new question.
  expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  await world.client.close();
});

test(verifies('C3', 'another process that follows a lost call sees its error'), async () => {
  const world = createWorld(({ method }) =>
    method === 'tools/call' ? fail({ kind: 'http', status: 504, message: 'HTTP 504' }) : { tools: [] },
  );
  await expect(acceptedCall(world.client, { name: 'deploy' })).rejects.toMatchObject({ code: 'connection-lost' });
  const [record] = (await world.store.list()).records;
  const next = world.another();
  const again = await next.client.get(record?.id ?? '').follow();
  await next.clock.advance(20_000);
  expect(await again.outcome()).toEqual({ status: 'unknown' });
  expect(again.latest.trouble).toBe('HTTP 504');
  await Promise.all([world.client.close(), next.client.close()]);
});

test(verifies('C1', 'a task is recorded while a question of its call is still open'), async () => {
  let create: (value: JsonObject) => void = () => undefined;
  const world = createWorld(
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method !== 'tools/call') return CORE_WORKING;
      return new Promise<JsonObject>((resolve) => {
        create = resolve;
      });
    },
    { revision: '2025-11-25' },
  );
  const called = callTask(world);
  await world.clock.settle();
  void world.connection.ask('elicitation/create', QUESTION.params);
  const task = await called;
  expect(task.latest.phase).toBe('asking');
  create({ task: CORE_WORKING });
  await world.clock.settle();
  expect(task.latest).toMatchObject({ phase: 'open', taskId: 't1', status: 'working' });
  await world.client.close();
});

test(
  verifies(['C3', 'M1'], 'a task created while another process marks its call as abandoned stays a task'),
  async () => {
    let answer: (value: JsonValue) => void = () => undefined;
    const clock = createFakeClock();
    const memory = createMemoryStore({ clock });
    const world = createWorld(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      { store: memory, clock },
    );
    const called = acceptedCall(world.client, { name: 'deploy' });
    await world.clock.settle();
    const [record] = (await memory.list()).records;
    world.clock.jump(60_000); // too busy to renew its lease
    // The reply arrives between the other process's read of the record and its write.
    const other = world.another({
      script: () => WORKING,
      store: {
        ...memory,
        async updateMany(steps) {
          answer(CREATED);
          await world.clock.settle();
          return memory.updateMany(steps);
        },
      },
    });
    const watched = await other.client.get(record?.id ?? '').follow();
    expect(await called).toMatchObject({ kind: 'task' });
    await world.clock.advance(5_000);
    expect(watched.latest).toMatchObject({ taskId: 't1', phase: 'open', status: 'working' });
    expect((await memory.list()).records).toMatchObject([{ taskId: 't1', phase: 'open', status: 'working' }]);
    await Promise.all([world.client.close(), other.client.close()]);
  },
);
