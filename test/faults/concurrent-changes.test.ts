import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, fail } from '../../packages/client/src/testing/index.ts';
import { freshDirectory } from './processes.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, callTask, createWorld, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const COMPLETED = { ...WORKING, status: 'completed', result: RESULT };
const ASKING = { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };

/** One process with the lease, and another whose clock stands still after its last read. */
async function leaderAndOther() {
  const directory = freshDirectory();
  const server: { snapshot: JsonObject } = { snapshot: ASKING };
  const now = createFakeClock();
  const leader = createWorld(
    ({ method }): JsonObject => (method === 'tools/call' ? CREATED : method === 'tasks/get' ? server.snapshot : {}),
    { store: await openSqliteStore({ directory, clock: now, durable: false }), clock: now },
  );
  await callTask(leader);
  await leader.clock.advance(1_000);
  const clock = createFakeClock({ now: leader.clock.now() });
  const other = leader.another({ clock, store: await openSqliteStore({ directory, clock, durable: false }) });
  const task = await other.client.get('t1').follow();
  expect(Object.keys(openQuestions(task.latest))).toEqual(['approve']);
  return { server, leader, task };
}

test.each([
  ['has ended', COMPLETED, 'already-settled'],
  ['no longer asks', WORKING, 'question-not-open'],
] as const)(
  `${verifies('Q5', 'an answer is refused and not saved when another process has just seen that the task')} %s`,
  async (_, snapshot, code) => {
    const { server, leader, task } = await leaderAndOther();
    server.snapshot = snapshot;
    await leader.clock.advance(2_000);
    await expect(answerNow(task, 'approve', ACCEPT)).rejects.toMatchObject({ code });
    await leader.clock.advance(3_000);
    expect(JSON.stringify((await leader.store.find('t1')).records)).not.toContain('accept');
    expect(leader.connection.count('tasks/update')).toBe(0);
  },
);

test(
  verifies('Q4', 'a refused question that changes again is shown in its latest form and can be answered'),
  async () => {
    let message = 'Deploy 1?';
    const world = createWorld(({ method }): JsonObject => {
      if (method === 'tools/call') return CREATED;
      if (method === 'tasks/update') return {};
      return { ...ASKING, inputRequests: { approve: { ...QUESTION, params: { ...QUESTION.params, message } } } };
    });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    await answerNow(task, 'approve', ACCEPT);
    for (message of ['Deploy 2?', 'Deploy 3?']) await world.clock.advance(1_000);
    const reason = 'Key reused: "Deploy 1?" was answered; the server now asks "Deploy 3?"';
    expect(task.latest.ledger.approve).toMatchObject({ state: 'refused', reason });
    await answerNow(task, 'approve', ACCEPT, { again: true });
    expect(task.latest.ledger.approve).toMatchObject({ state: 'acknowledged', words: 'Deploy 3?' });
  },
);

async function deletedWhileCalling(answer: JsonObject) {
  let reply: (value: JsonValue) => void = () => undefined;
  const world = createWorld(({ method }) =>
    method === 'tools/call' ? new Promise<JsonValue>((resolve) => (reply = resolve)) : WORKING,
  );
  const task = await world.client.start({ name: 'deploy' });
  const calling = task.accepted();
  await world.clock.advance(300);
  await world.store.remove(task.id);
  await world.clock.advance(300);
  reply(answer);
  return { task, answer: await calling };
}

test(verifies('C1', 'a call whose record is deleted in flight still returns its result'), async () => {
  expect(await deletedWhileCalling({ resultType: 'complete', ...RESULT })).toMatchObject({
    answer: { result: RESULT },
  });
});

test(
  verifies('C2', 'a call whose record is deleted in flight still returns its task, with the outcome unknown'),
  async () => {
    const { task } = await deletedWhileCalling(CREATED);
    expect(task.latest.taskId).toBe('t1');
    expect(await task.outcome()).toMatchObject({
      status: 'unknown',
      error: { message: 'The record was deleted' },
    });
  },
);

test(verifies('Q3', 'an answer whose record is deleted in flight is rejected as not found'), async () => {
  let down = false;
  const world = createWorld(({ method }) => {
    if (down) return fail({ kind: 'transport', message: 'ECONNRESET' });
    return method === 'tools/call' ? CREATED : ASKING;
  });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  down = true;
  const refused = expect(answerNow(task, 'approve', ACCEPT)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('was deleted'),
  });
  await world.clock.advance(100);
  await world.store.remove(task.id);
  await world.clock.advance(1_000);
  await refused;
});
