import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { fail, type Script } from '../../packages/client/src/testing/index.ts';
import { complete, serveFaulty } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CORE_WORKING, CREATED, callTask, createWorld, methodsOf, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const ASKING: JsonObject = { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };

const asker: Script = ({ method }) => {
  if (method === 'tools/call') return CREATED;
  return method === 'tasks/update' || method === 'tasks/cancel' ? {} : ASKING;
};

test(verifies('M1', 'an observer sends no answer and no cancel, and never blocks a client that does'), async () => {
  const world = createWorld(asker);
  await callTask(world);
  await world.client.close();
  const watcher = world.another({ observe: true });
  const watched = await watcher.client.get('t1').follow();
  await world.clock.advance(5_000);
  expect(watcher.connection.count('tasks/get')).toBe(5);
  expect(Object.keys(openQuestions(watched.latest))).toEqual(['approve']);
  await expect(answerNow(watched, 'approve', ACCEPT)).rejects.toMatchObject({ code: 'unsupported' });
  await expect(watched.cancel()).rejects.toMatchObject({ code: 'unsupported' });
  expect(await world.store.ownerOf(watched.id)).toBeUndefined();
  const second = world.another();
  const again = await second.client.get('t1').follow();
  await answerNow(again, 'approve', ACCEPT);
  await again.cancel();
  expect([second.connection.count('tasks/update'), second.connection.count('tasks/cancel')]).toEqual([1, 1]);
  const before = watcher.connection.sent.length;
  await world.clock.advance(10_000);
  // Only the process with the lease polls; the watcher reads the record.
  expect(watcher.connection.sent.length).toBe(before);
  expect(watched.latest).toMatchObject({ ledger: { approve: { state: 'acknowledged' } } });
  expect(new Set(methodsOf(watcher))).toEqual(new Set(['tasks/get']));
  await Promise.all([watcher.client.close(), second.client.close()]);
  expect(world.clock.pending).toBe(0);
});

test(
  verifies('M1', 'an observer leaves the answers and calls of a dead process to a process with the lease'),
  async () => {
    const world = createWorld(({ method, params }) => {
      if (method !== 'tools/call') return WORKING;
      if (params.inputResponses !== undefined) return CREATED;
      return { resultType: 'input_required', inputRequests: { approve: QUESTION }, requestState: 's' };
    });
    const task = await callTask(world);
    await world.client.close();
    await expect(answerNow(task, 'approve', ACCEPT)).rejects.toMatchObject({ code: 'closed' });
    const watcher = world.another({ observe: true });
    const watched = await watcher.client.get(task.id).follow();
    await world.clock.advance(30_000);
    expect(watched.latest).toMatchObject({ phase: 'asking', ledger: { approve: { state: 'answering' } } });
    expect(watcher.connection.sent).toEqual([]);
    const second = world.another();
    await second.client.get(task.id).follow();
    await world.clock.advance(2_000);
    expect(watched.latest).toMatchObject({ phase: 'open', taskId: 't1' });
    expect(second.connection.count('tools/call')).toBe(1);
    await Promise.all([watcher.client.close(), second.client.close()]);
  },
);

test(verifies('Q13', 'an observer of a task of 2025-11-25 does not consume the questions on its stream'), async () => {
  let done = false;
  const script: Script = ({ method }) => {
    if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
    if (method === 'tools/call') return { task: CORE_WORKING };
    if (method === 'tasks/result') return done ? RESULT : new Promise<never>(() => undefined);
    return { ...CORE_WORKING, status: done ? 'completed' : 'input_required' };
  };
  const world = createWorld(script, { revision: '2025-11-25' });
  await callTask(world);
  await world.client.close();
  const watcher = world.another({ observe: true });
  const watched = await watcher.client.get('t1').follow();
  await world.clock.advance(10_000);
  expect(watched.latest.status).toBe('input_required');
  expect(watcher.connection.count('tasks/result')).toBe(0);
  done = true;
  await world.clock.advance(2_000);
  expect(await watched.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  expect(watcher.connection.count('tasks/result')).toBe(1);
});

test(verifies(['M1', 'P5'], 'an observer reports an unreachable server and continues'), async () => {
  const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : WORKING));
  await callTask(world);
  await world.client.close();
  const watcher = world.another({
    observe: true,
    script: (_, count) => (count <= 6 ? fail({ kind: 'transport', message: 'ECONNREFUSED' }) : WORKING),
  });
  const watched = await watcher.client.get('t1').follow();
  const outcome = watched.outcome();
  await world.clock.advance(20_000);
  expect(await outcome).toMatchObject({ status: 'unreachable' });
  await world.clock.advance(30_000);
  const later = watched.outcome({ timeoutMs: 10_000 });
  await world.clock.advance(10_000);
  expect(await later).toEqual({ status: 'timed_out' });
  await watcher.client.close();
});

test(verifies('M1', 'an observer of a real server sends only reads'), async () => {
  let asked = 0;
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return { result: { ...CREATED, pollIntervalMs: 250 } };
    if (method !== 'tasks/get') return undefined;
    asked += 1;
    const end = { ...WORKING, status: 'completed', result: { resultType: 'complete', ...RESULT } };
    return complete(asked < 4 ? { ...ASKING, pollIntervalMs: 250 } : end);
  });
  const store = createMemoryStore();
  const open = async (observe: boolean) => {
    const connection = await connect({ kind: 'url', url: server.url });
    const client = createTaskClient({ connection, store, observe });
    onTestFinished(() => client.close());
    return client;
  };
  const first = await open(false);
  await acceptedCall(first, { name: 'deploy' });
  await first.close();
  const before = server.requests.length;
  const watched = await (await open(true)).get('t1').follow();
  expect(await watched.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  const sent = server.requests.slice(before).map(({ method }) => method);
  expect(new Set(sent)).toEqual(new Set(['server/discover', 'subscriptions/listen', 'tasks/get']));
});
