import { expect, test } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { fail } from '../../packages/client/src/testing/index.ts';
import { asking, codeOf, other } from './asking-server.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, callTask, createWorld, QUESTION, type World } from './world.ts';

const SLOW = { pollIntervalMs: 60_000 };

/** A server with a poll interval of a minute and scripted questions. */
function slowAskingServer(questions: () => JsonObject): World {
  return createWorld(({ method }) => {
    if (method === 'tools/call') return { ...CREATED, ...SLOW, status: 'input_required' };
    return method === 'tasks/update' ? {} : { ...asking(questions()), ...SLOW };
  });
}

const sent = ({ connection }: World): readonly string[] =>
  connection.sent.map(({ method }) => method).filter((method) => /^tasks\/(get|update)$/.test(method));

test(
  verifies('S8', 'an answer is refused when the question changed since it was read, and nothing is sent'),
  async () => {
    let question: JsonObject = QUESTION;
    const world = slowAskingServer(() => ({ approve: question }));
    const task = await callTask(world);
    await world.clock.advance(61_000);
    const read = await task.question('approve');
    question = other;
    await world.clock.advance(30_000);
    expect(await codeOf(read.answer(ACCEPT))).toBe('question-changed');
    expect(sent(world)).not.toContain('tasks/update');
    expect((await task.question('approve')).request).toEqual(other);
    expect(task.latest.ledger.approve).toMatchObject({ state: 'open' });
  },
);

test('a question read more than five seconds ago is polled once before its answer is sent', async () => {
  const world = slowAskingServer(() => ({ approve: QUESTION }));
  const task = await callTask(world);
  await world.clock.advance(61_000);
  await world.clock.advance(30_000);
  const before = sent(world).length;
  await answerNow(task, 'approve', ACCEPT);
  expect(sent(world).slice(before)).toEqual(['tasks/get', 'tasks/update']);
});

test('a question read less than five seconds ago is answered without another poll', async () => {
  const world = slowAskingServer(() => ({ approve: QUESTION }));
  const task = await callTask(world);
  await world.clock.advance(61_000);
  await world.clock.advance(2_000);
  const before = sent(world).length;
  await answerNow(task, 'approve', ACCEPT);
  expect(sent(world).slice(before)).toEqual(['tasks/update']);
});

test('an answer to a question that the server has withdrawn is not sent', async () => {
  let questions: JsonObject = { approve: QUESTION };
  const world = slowAskingServer(() => questions);
  const task = await callTask(world);
  await world.clock.advance(61_000);
  const read = await task.question('approve');
  questions = { other: QUESTION };
  await world.clock.advance(30_000);
  expect(await codeOf(read.answer(ACCEPT))).toBe('question-not-open');
  expect(sent(world)).not.toContain('tasks/update');
});

test('the next process polls before it sends a saved answer, and refuses it if the question changed', async () => {
  let question: JsonObject = QUESTION;
  let isAway = false;
  const world = createWorld(({ method }) => {
    if (isAway) return fail({ kind: 'transport', message: 'ECONNREFUSED' });
    if (method === 'tools/call') return CREATED;
    return method === 'tasks/update' ? {} : asking({ approve: question });
  });
  const task = await callTask(world);
  await world.clock.advance(2_000);
  const read = await task.question('approve');
  isAway = true;
  const given = codeOf(read.answer(ACCEPT));
  await world.clock.advance(120_000);
  expect(await given).toBe('unreachable');
  await world.client.close();
  isAway = false;
  question = other;
  const next = world.another();
  const again = await next.client.get(task.id).follow();
  await next.clock.advance(2_000);
  expect(sent(next)[0]).toBe('tasks/get');
  expect(sent(next)).not.toContain('tasks/update');
  expect(again.latest.ledger.approve).toMatchObject({ state: 'refused' });
});
