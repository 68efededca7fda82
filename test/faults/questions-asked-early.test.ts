import { expect, test } from 'vitest';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock } from '../../packages/client/src/testing/index.ts';
import { askApproval, asked, coreServer, RELATED } from './asking-core-server.ts';
import { serveFaulty } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { callTask as callWireTask, clientOf } from './wire-world.ts';
import { ACCEPT, CORE_WORKING, callTask, createWorld, QUESTION, type World } from './world.ts';

const core = { revision: '2025-11-25' };

test(verifies('Q13', 'a question that arrives before the stream of its task opens is asked and answered'), async () => {
  const server = coreServer('working');
  const world = createWorld(server.script, core);
  const task = await callTask(world);
  const reply = askApproval(world);
  await world.clock.settle();
  const [key = ''] = asked(task);
  expect(key).not.toBe('');
  server.setStatus('input_required');
  await world.clock.advance(5_000);
  expect(asked(task)).toEqual([key]);
  await answerNow(task, key, ACCEPT);
  expect(await reply).toEqual(ACCEPT);
  await world.client.close();
});

test(
  verifies(['Q1', 'Q13'], 'a question repeated on the stream is asked once, and both requests are answered'),
  async () => {
    const server = coreServer('working');
    const world = createWorld(server.script, core);
    const task = await callTask(world);
    const early = askApproval(world);
    server.setStatus('input_required');
    await world.clock.advance(2_000);
    expect(world.connection.count('tasks/result')).toBe(1);
    const again = askApproval(world);
    await world.clock.settle();
    const [key = '', ...others] = asked(task);
    expect(others).toEqual([]);
    await answerNow(task, key, ACCEPT);
    expect(await Promise.all([early, again])).toEqual([ACCEPT, ACCEPT]);
    await world.clock.advance(2_000);
    expect(asked(task)).toEqual([]);
    await world.client.close();
  },
);

test(verifies('Q13', 'a question that overtakes the reply to its call waits until the task is known'), async () => {
  const server = coreServer();
  let create = (): void => undefined;
  const world = createWorld(
    (request, count) =>
      request.method === 'tools/call'
        ? new Promise((resolve) => {
            create = () => resolve({ task: CORE_WORKING });
          })
        : server.script(request, count),
    core,
  );
  const calling = callTask(world);
  await world.clock.settle();
  const reply = askApproval(world);
  await world.clock.advance(120_000); // a call may take long
  create();
  const task = await calling;
  await world.clock.advance(1_000);
  const [key = ''] = asked(task);
  await answerNow(task, key, ACCEPT);
  expect(await reply).toEqual(ACCEPT);
  await world.client.close();
});

test(verifies('Q13', 'a question about a task that stays unknown is refused after 30 s, not before'), async () => {
  const world = createWorld(coreServer('working').script, core);
  await callTask(world);
  let reply: unknown;
  const foreign = { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't9' } } };
  void askApproval(world, foreign).then((given) => {
    reply = given;
  });
  await world.clock.advance(29_000);
  expect(reply).toBeUndefined();
  await world.clock.advance(2_000);
  expect(reply).toBeNull();
  await world.client.close();
});

/** The reply that the server receives within an hour. */
async function replyWithinAnHour(world: World): Promise<JsonObject | number | null | 'none'> {
  let reply: JsonObject | number | null | 'none' = 'none';
  void askApproval(world).then((given) => {
    reply = given;
  });
  await world.clock.advance(3_600_000);
  return reply;
}

test(
  verifies(
    'Q7',
    'a question for a recorded task that is not followed gets no reply; a question for a task of another server is refused',
  ),
  async () => {
    const world = createWorld(coreServer().script, core);
    await callTask(world);
    await world.client.close();
    const clock = createFakeClock({ now: world.clock.now() });
    const [later, foreign] = [world.another({ clock }), world.another({ clock, fingerprint: 'another' })];
    expect(await replyWithinAnHour(later)).toBe('none');
    expect(await replyWithinAnHour(foreign)).toBeNull();
    await Promise.all([later.client.close(), foreign.client.close()]);
  },
);

test(verifies('Q7', 'a question gets no answer while the records cannot be read'), async () => {
  const find = () => Promise.reject(new TaskError('store-corrupt', 'disk gone'));
  const world = createWorld(coreServer().script, { ...core, store: { ...createMemoryStore(), find } });
  expect(await replyWithinAnHour(world)).toBe('none');
});

test(verifies(['Q7', 'L5'], 'a question of a detached task gets no answer'), async () => {
  const world = createWorld(coreServer('working').script, core);
  const task = await callTask(world);
  task.detach();
  expect(await replyWithinAnHour(world)).toBe('none');
  await world.client.close();
});

test(
  verifies(
    ['Q1', 'M1'],
    'a question for a task that another process leads is not asked here, even after that process ends',
  ),
  async () => {
    const world = createWorld(coreServer('working').script, core);
    await callTask(world);
    const second = world.another();
    const again = await second.client.get('t1').follow();
    let reply: unknown = 'none';
    void askApproval(second).then((given) => {
      reply = given;
    });
    await world.clock.settle();
    await world.client.close();
    await world.clock.advance(60_000);
    expect(second.connection.count('tasks/get')).toBeGreaterThan(1);
    expect([asked(again), reply]).toEqual([[], 'none']);
    await second.client.close();
  },
);

test(verifies('Q1', 'an observer opens no question, even during its own poll'), async () => {
  const server = coreServer('working');
  const world = createWorld(server.script, core);
  await callTask(world);
  await world.client.close();
  const watching = world.another({
    observe: true,
    script: (request, count) =>
      request.method === 'tasks/get' ? new Promise<never>(() => undefined) : server.script(request, count),
  });
  const task = await watching.client.get('t1').follow();
  await world.clock.advance(2_000);
  expect(watching.connection.count('tasks/get')).toBe(1);
  expect(await replyWithinAnHour(watching)).toBe('none');
  expect(task.latest).toMatchObject({ status: 'working', inputRequests: {} });
});

test(
  verifies('Q13', 'over HTTP a question on the standing stream is asked and answered, even while polls return working'),
  async () => {
    const core = { ...CORE_WORKING, pollInterval: 250 };
    let answers: readonly JsonObject[] = [];
    let finish = (): void => undefined;
    const server = await serveFaulty(
      ({ method, id, params }) => {
        if (method === 'tools/call') return { result: { task: core } };
        if (method === 'tasks/get')
          return { result: { ...core, status: answers.length > 0 ? 'completed' : 'working' } };
        if (method === 'tasks/result') {
          return {
            stream: (stream) => {
              finish = () => stream.finish({ content: [] });
            },
          };
        }
        if (method !== '(answer)') return undefined;
        answers = [...answers, { id, ...params }];
        finish();
        return { status: 202, body: '' };
      },
      { revision: '2025-11-25', standing: true },
    );
    const task = await callWireTask(await clientOf(server.url));
    await server.notify({ id: 's1', method: QUESTION.method, params: { ...QUESTION.params, ...RELATED } });
    const keys: string[] = [];
    for await (const update of task.updates()) {
      if (update.kind !== 'question') continue;
      keys.push(update.key);
      await task.refresh();
      await answerNow(task, update.key, ACCEPT);
    }
    expect([keys.length, answers]).toEqual([1, [{ id: 's1', ...ACCEPT }]]);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: [] } });
  },
);
