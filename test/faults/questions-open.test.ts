import { expect, test } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { asking, askingScript, codeOf, collect, other } from './asking-server.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, callTask, createWorld, QUESTION, WORKING } from './world.ts';

test(verifies('Q5', 'one of two questions can be answered while a new question appears'), async () => {
  let questions: JsonObject = { a: QUESTION, b: other };
  const world = createWorld(askingScript(() => questions));
  const task = await callTask(world);
  const updates = collect(task);
  await world.clock.advance(1_000);
  await answerNow(task, 'a', ACCEPT);
  questions = { b: other, c: QUESTION };
  await world.clock.advance(2_000);
  expect(Object.keys(openQuestions(task.latest))).toEqual(['b', 'c']);
  const asked = updates.flatMap((update) => (update.kind === 'question' ? [update.key] : []));
  expect(asked).toEqual(['a', 'b', 'c']);
  await world.client.close();
});

test(verifies('Q5', 'a task that ends withdraws its form, and a late answer is not sent'), async () => {
  let done = false;
  const world = createWorld(({ method }) => {
    if (method === 'tools/call') return CREATED;
    return done ? { ...WORKING, status: 'cancelled' } : asking({ approve: QUESTION });
  });
  const task = await callTask(world);
  const updates = collect(task);
  await world.clock.advance(1_000);
  done = true;
  await world.clock.advance(1_000);
  expect(updates.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['question-withdrawn', 'settled']));
  expect(await codeOf(answerNow(task, 'approve', ACCEPT))).toBe('already-settled');
  expect(world.connection.count('tasks/update')).toBe(0);
});

test(
  verifies(
    'Q6',
    'polling continues while a question stays open for thirty minutes, and an answer given elsewhere is seen',
  ),
  async () => {
    let elsewhere = false;
    const world = createWorld(({ method }) => {
      if (method === 'tools/call') return CREATED;
      return elsewhere ? { ...WORKING, statusMessage: 'answered by someone else' } : asking({ approve: QUESTION });
    });
    const task = await callTask(world);
    const updates = collect(task);
    await world.clock.advance(1_800_000);
    expect(world.connection.count('tasks/get')).toBe(1_800);
    elsewhere = true;
    await world.clock.advance(1_000);
    expect(task.latest).toMatchObject({ status: 'working', statusMessage: 'answered by someone else' });
    expect(updates.at(-1)).toMatchObject({ kind: 'question-withdrawn', key: 'approve' });
    await world.client.close();
  },
);

test('a recorded question ends a later wait only after a poll confirms it', async () => {
  const done = { ...WORKING, status: 'completed', result: { content: [] } };
  let elsewhere = false;
  const world = createWorld(({ method }) => {
    if (method === 'tools/call') return CREATED;
    return elsewhere ? done : asking({ approve: QUESTION });
  });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  await world.client.close();
  await world.clock.advance(3_600_000);

  const later = world.another();
  const still = (await later.client.get('t1').follow()).outcome({ stopOnInput: true });
  await world.clock.settle();
  expect(await still).toEqual({ status: 'input_required' });
  expect(later.connection.count('tasks/get')).toBe(1);
  await later.client.close();
  await world.clock.advance(3_600_000);

  elsewhere = true;
  const last = world.another();
  const over = (await last.client.get('t1').follow()).outcome({ stopOnInput: true });
  await world.clock.advance(1_000);
  expect(await over).toMatchObject({ status: 'completed' });
  await last.client.close();
});

test('after a cancel, a wait that stops on input returns cancelled rather than input_required', async () => {
  let isCancelled = false;
  const world = createWorld(({ method }) => {
    if (method === 'tools/call') return CREATED;
    if (method === 'tasks/cancel') isCancelled = true;
    return isCancelled ? { ...WORKING, status: 'cancelled' } : asking({ approve: QUESTION });
  });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  await task.cancel();
  const outcome = task.outcome({ stopOnInput: true });
  await world.clock.advance(1_000);
  expect(await outcome).toEqual({ status: 'cancelled' });
});

test(verifies('Q8', 'an unanswerable question leaves the others answerable'), async () => {
  const sampling = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };
  const world = createWorld(
    askingScript(() => ({ model: sampling, roots: { method: 'roots/list' }, approve: QUESTION })),
  );
  const task = await callTask(world);
  await world.clock.advance(1_000);
  expect(Object.entries(openQuestions(task.latest)).map(([key, { method }]) => [key, method])).toEqual([
    ['model', 'sampling/createMessage'],
    ['roots', 'roots/list'],
    ['approve', 'elicitation/create'],
  ]);
  await answerNow(task, 'approve', ACCEPT);
  expect(world.connection.sent.at(-1)?.params).toEqual({ taskId: 't1', inputResponses: { approve: ACCEPT } });
  expect(Object.keys(openQuestions(task.latest))).toEqual(['model', 'roots']);
  await world.client.close();
});

test(
  verifies('Q8', 'a call whose server requires input without a question is retried with backoff, then ends unknown'),
  async () => {
    const instants: number[] = [];
    const world = createWorld(() => {
      instants.push(world.clock.now());
      return { resultType: 'input_required', requestState: 's' };
    });
    const task = await callTask(world);
    const outcome = task.outcome();
    await world.clock.advance(600_000);
    expect(await outcome).toMatchObject({ status: 'unknown' });
    expect(instants.length).toBeLessThanOrEqual(12);
    expect((await world.store.list()).records).toMatchObject([{ outcome: { status: 'unknown' } }]);
  },
);

test(verifies('Q8', 'a task that requires input without a question is polled at its interval'), async () => {
  const world = createWorld(askingScript(() => ({})));
  const task = await callTask(world);
  await world.clock.advance(10_000);
  expect(world.connection.count('tasks/get')).toBe(10);
  expect(task.latest.status).toBe('input_required');
  await world.client.close();
});
