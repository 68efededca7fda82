import { expect, test } from 'vitest';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, fail, type Script } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CORE_WORKING, callTask, createWorld, QUESTION } from './world.ts';

// Preloaded: a fake clock would not wait for its import.
await import('../../packages/client/src/api/refresh-record.ts');

/** A 2025-11-25 server that asks on the stream of `tasks/result`. */
function coreServer(task = CORE_WORKING): { readonly script: Script; finish(result: JsonObject): void } {
  let finish: (result: JsonObject) => void = () => undefined;
  let done = false;
  const result = new Promise<JsonObject>((resolve) => {
    finish = (value) => {
      done = true;
      resolve(value);
    };
  });
  return {
    finish: (value) => finish(value),
    script({ method }) {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task };
      if (method === 'tasks/result') return result;
      return { ...task, status: done ? 'completed' : 'input_required' };
    },
  };
}

const related = { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } } };

test(
  verifies('Q13', 'a question on the result stream is answered there, even by another process through the record'),
  async () => {
    const server = coreServer();
    const world = createWorld(server.script, { revision: '2025-11-25' });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    const reply = world.connection.ask('elicitation/create', { ...QUESTION.params, ...related });
    await world.clock.settle();
    const [key = ''] = Object.keys(openQuestions(task.latest));
    const second = world.another();
    const again = await second.client.get('t1').follow();
    const answered = answerNow(again, key, ACCEPT);
    await world.clock.advance(2_000);
    await answered;
    expect(await reply).toEqual(ACCEPT);
    server.finish({ content: [] });
    await world.clock.advance(2_000);
    expect(await again.outcome()).toMatchObject({ status: 'completed', result: { content: [] } });
    expect(second.connection.sent).toEqual([]);
    await Promise.all([world.client.close(), second.client.close()]);
  },
);

test(
  verifies(
    'Q13',
    'a question of a plain call whose process is gone cannot be answered, and the record gives the reason',
  ),
  async () => {
    let isKilled = false;
    const store = createMemoryStore({ isOwnerDead: (owner) => isKilled && owner === 'killed' });
    const script: Script = ({ method }) =>
      method === 'tools/list' ? { tools: [] } : new Promise<never>(() => undefined);
    const world = createWorld(script, { revision: '2025-11-25', store, owner: 'killed' });
    void acceptedCall(world.client, { name: 'deploy' });
    await world.clock.settle();
    void world.connection.ask('elicitation/create', QUESTION.params);
    await world.clock.settle();
    const [record] = (await store.list()).records;
    const [key = ''] = Object.keys(record === undefined ? {} : openQuestions(record));
    expect(key).not.toBe('');
    isKilled = true;
    const clock = createFakeClock({ now: world.clock.now() });
    const later = world.another({ clock, owner: 'next' });
    const again = await later.client.get(record?.id ?? '').follow();
    expect(await again.outcome()).toEqual({ status: 'unknown' });
    expect(again.latest.trouble).toContain('the call may have run');
    await expect(answerNow(again, key, ACCEPT)).rejects.toMatchObject({ code: 'question-not-open' });
  },
);

test('with a saved answer the record still shows that the server is unreachable, and that it is back', async () => {
  const server = coreServer({ ...CORE_WORKING, ttl: 3_600_000 });
  let isUp = true;
  const script: Script = (request, count) =>
    isUp || request.method === 'tools/list'
      ? server.script(request, count)
      : fail({ kind: 'transport', message: 'connection refused' });
  const world = createWorld(script, { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  void world.connection.ask('elicitation/create', { ...QUESTION.params, ...related });
  await world.clock.settle();
  const [key = ''] = Object.keys(openQuestions(task.latest));
  await world.client.close();

  isUp = false;
  const later = world.another();
  const again = await later.client.get('t1').follow();
  const warnings: string[] = [];
  void (async () => {
    for await (const update of again.updates()) if (update.kind === 'warning') warnings.push(update.message);
  })();
  const answered = answerNow(again, key, ACCEPT).catch((error: Error) => error.message);
  await world.clock.advance(120_000);
  expect(await answered).toMatch(/is saved, but the server has not confirmed it.*connection refused/);
  expect(warnings).toEqual(['connection refused']);
  await later.client.close();

  isUp = true;
  await world.clock.advance(120_000);
  const back = world.another();
  const seen = (await back.client.get('t1').follow()).refresh();
  await world.clock.advance(1_000);
  expect(await seen).toMatchObject({ status: 'input_required', trouble: undefined });
  const reply = back.connection.ask('elicitation/create', { ...QUESTION.params, ...related });
  await world.clock.settle();
  expect(await reply).toEqual(ACCEPT);
  await back.client.close();
});
