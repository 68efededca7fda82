import { expect, test } from 'vitest';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, fail } from '../../packages/client/src/testing/index.ts';
import { askingScript, codeOf, collect, other } from './asking-server.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, callTask, createWorld, QUESTION } from './world.ts';

test(verifies('Q1', 'a key repeated in ten polls is asked once, and answered once even across a restart'), async () => {
  const world = createWorld(askingScript(() => ({ approve: QUESTION })));
  const task = await callTask(world);
  const updates = collect(task);
  await world.clock.advance(10_000);
  expect(updates.filter(({ kind }) => kind === 'question')).toHaveLength(1);
  await answerNow(task, 'approve', ACCEPT);
  await world.client.close();
  const later = world.another();
  const again = await later.client.get('t1').follow();
  const afterwards = collect(again);
  await later.clock.advance(10_000);
  expect(afterwards.filter(({ kind }) => kind === 'question')).toEqual([]);
  expect(await codeOf(answerNow(again, 'approve', ACCEPT))).toBe('question-not-open');
  expect([world.connection.count('tasks/update'), later.connection.count('tasks/update')]).toEqual([1, 0]);
  await later.client.close();
});

test(
  verifies(
    'Q2',
    'an acknowledged answer is not resent; if the task does not continue, a warning follows and a person may answer again',
  ),
  async () => {
    const world = createWorld(askingScript(() => ({ approve: QUESTION })));
    const task = await callTask(world);
    await world.clock.advance(1_000);
    await answerNow(task, 'approve', ACCEPT);
    const updates = collect(task);
    await world.clock.advance(90_000);
    expect(world.connection.count('tasks/update')).toBe(1);
    const warnings = updates.filter(
      (update) => update.kind === 'warning' && update.message.includes('has not continued'),
    );
    expect(warnings).toHaveLength(1);
    await answerNow(task, 'approve', { action: 'decline' }, { again: true });
    expect(world.connection.count('tasks/update')).toBe(2);
    await world.client.close();
  },
);

test(verifies('Q3', 'an answer that fails in transit is resent under its key until it is acknowledged'), async () => {
  let failures = 3;
  const world = createWorld(
    askingScript(
      () => ({ approve: QUESTION }),
      () => {
        failures -= 1;
        return failures >= 0 ? fail({ kind: 'transport', message: 'ECONNRESET' }) : {};
      },
    ),
  );
  const task = await callTask(world);
  await world.clock.advance(1_000);
  const updates = collect(task);
  const answered = answerNow(task, 'approve', ACCEPT);
  await world.clock.advance(30_000);
  await answered;
  const sent = world.connection.sent.filter(({ method }) => method === 'tasks/update');
  expect(sent.map(({ params }) => params)).toEqual(
    Array(4).fill({ taskId: 't1', inputResponses: { approve: ACCEPT } }),
  );
  expect(updates.filter(({ kind }) => kind === 'question')).toHaveLength(1);
  expect(JSON.stringify(task.latest.ledger)).not.toContain('accept');
  await world.client.close();
});

test(
  verifies('Q3', 'an unacknowledged answer of a killed process is sent by the next process without asking again'),
  async () => {
    let isKilled = false;
    const store = createMemoryStore({ isOwnerDead: (owner) => isKilled && owner === 'killed' });
    const script = askingScript(
      () => ({ approve: QUESTION }),
      () => new Promise<never>(() => undefined),
    );
    const world = createWorld(script, { store, owner: 'killed' });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    void answerNow(task, 'approve', ACCEPT);
    await world.clock.settle();
    // The first process is dead: its clock stands still from here.
    isKilled = true;
    const clock = createFakeClock({ now: world.clock.now() });
    const later = world.another({ clock, owner: 'next', script: askingScript(() => ({ approve: QUESTION })) });
    const again = await later.client.get('t1').follow();
    const updates = collect(again);
    await clock.advance(5_000);
    expect(later.connection.sent.filter(({ method }) => method === 'tasks/update')).toEqual([
      { method: 'tasks/update', params: { taskId: 't1', inputResponses: { approve: ACCEPT } } },
    ]);
    expect(updates.filter(({ kind }) => kind === 'question')).toEqual([]);
    await later.client.close();
  },
);

test(
  verifies('Q4', 'another question under an answered key is refused with both texts, until a person answers it again'),
  async () => {
    let question = QUESTION as JsonObject;
    const world = createWorld(askingScript(() => ({ approve: question })));
    const task = await callTask(world);
    await world.clock.advance(1_000);
    await answerNow(task, 'approve', ACCEPT);
    const updates = collect(task);
    question = other;
    await world.clock.advance(5_000);
    const warnings = updates.flatMap((update) => (update.kind === 'warning' ? [update.message] : []));
    expect(warnings).toEqual([expect.stringMatching(/Approve\?.*Really delete it\?/)]);
    expect(openQuestions(task.latest)).toEqual({});
    expect(await codeOf(answerNow(task, 'approve', ACCEPT))).toBe('question-not-open');
    await answerNow(task, 'approve', { action: 'decline' }, { again: true });
    expect(world.connection.count('tasks/update')).toBe(2);
    await world.client.close();
  },
);

test(
  verifies(
    ['Q1', 'M1'],
    'when two processes answer the same question, the first answer counts and the second is refused',
  ),
  async () => {
    const world = createWorld(askingScript(() => ({ approve: QUESTION })));
    const task = await callTask(world);
    await world.clock.advance(1_000);
    const second = world.another();
    const again = await second.client.get('t1').follow();
    const answers = [
      codeOf(answerNow(task, 'approve', ACCEPT)),
      codeOf(answerNow(again, 'approve', { action: 'accept', content: { approve: false } })),
    ];
    await world.clock.advance(5_000);
    expect(await Promise.all(answers)).toEqual(['accepted', 'question-not-open']);
    const sent = [...world.connection.sent, ...second.connection.sent].filter(
      ({ method }) => method === 'tasks/update',
    );
    expect(sent.map(({ params }) => params.inputResponses)).toEqual([{ approve: ACCEPT }]);
    await Promise.all([world.client.close(), second.client.close()]);
  },
);
