import { expect, test, vi } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonObject } from '../task/json.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { answerNow } from '../testing/answer-now.ts';
import { createFakeClock, createScriptedConnection, fail, type Script } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

// Loaded with the first answer: a fake clock does not wait for it.
await import('./answer-question.ts');

const extension = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const coreTasks = { tasks: { requests: { tools: { call: {} } } } };
const working = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const question = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Approve?',
    requestedSchema: { type: 'object', properties: { approve: { type: 'boolean' } }, required: ['approve'] },
  },
};

function world(script: Script, over: { revision?: string; capabilities?: JsonObject } = {}) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const revision = over.revision ?? '2026-07-28';
  const connection = createScriptedConnection({ revision, capabilities: over.capabilities ?? extension }, script);
  return { clock, store, connection, client: createTaskClient({ connection, store, clock, owner: 'me:1:a' }) };
}

async function callTask(client: ReturnType<typeof createTaskClient>) {
  const call = await acceptedCall(client, { name: 'deploy', arguments: { env: 'staging' } });
  if (call.kind !== 'task') throw new Error('expected a task');
  return call.task;
}

test('a server without tasks returns a plain result', async () => {
  const { client, connection, store } = world(() => ({ content: [] }), { capabilities: {} });
  const call = await acceptedCall(client, { name: 'echo' });
  expect(call).toMatchObject({ kind: 'complete', result: { content: [] } });
  expect(connection.sent.map(({ method }) => method)).toEqual(['tools/call']);
  expect((await store.list({ open: true })).records).toEqual([]);
});

test('a task is polled no earlier than the server asks, and delivers its result', async () => {
  const { client, clock, connection } = world(({ method }, count) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    if (count === 1) return { resultType: 'complete', ...working, pollIntervalMs: 5_000 };
    return { resultType: 'complete', taskId: 't1', status: 'completed', result: { content: [], answer: 42 } };
  });
  const task = await callTask(client);
  const outcome = task.outcome();
  await clock.advance(999);
  expect(connection.count('tasks/get')).toBe(0);
  await clock.advance(1);
  expect(connection.count('tasks/get')).toBe(1);
  await clock.advance(4_999);
  expect(connection.count('tasks/get')).toBe(1);
  await clock.advance(1);
  expect(await outcome).toEqual({ status: 'completed', result: { content: [], answer: 42 }, error: undefined });
  await client.close();
  expect(clock.pending).toBe(0);
});

test('an answer is validated and sent once, and its question is not asked again while still listed', async () => {
  const { client, clock, connection } = world(({ method }) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    if (method === 'tasks/update') return { resultType: 'complete' };
    return { ...working, status: 'input_required', inputRequests: { approve: question } };
  });
  const task = await callTask(client);
  await clock.advance(1_000);
  expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  await expect(answerNow(task, 'approve', { action: 'accept', content: {} })).rejects.toMatchObject({
    code: 'answer-invalid',
  });
  await answerNow(task, 'approve', { action: 'accept', content: { approve: true } });
  await clock.advance(20_000);
  expect(connection.count('tasks/update')).toBe(1);
  await expect(answerNow(task, 'approve', { action: 'decline' })).rejects.toMatchObject({ code: 'question-not-open' });
  await client.close();
});

test('a late subscriber gets the open questions first', async () => {
  const { client, clock } = world(({ method }) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    return { ...working, status: 'input_required', inputRequests: { approve: question } };
  });
  const task = await callTask(client);
  await clock.advance(1_000);
  const updates = task.updates();
  expect((await updates.next()).value).toMatchObject({ kind: 'status', record: { status: 'input_required' } });
  expect((await updates.next()).value).toMatchObject({ kind: 'question', key: 'approve', request: question });
  await client.close();
});

test('outcome() returns `unreachable` after five failures in a row, and polling continues to the end', async () => {
  const { client, clock } = world(({ method }, count) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    if (count <= 5) return fail({ kind: 'http', status: 503, message: '503' });
    return { ...working, status: 'completed', result: {} };
  });
  const task = await callTask(client);
  const first = task.outcome();
  await clock.advance(60_000);
  expect(await first).toMatchObject({ status: 'unreachable' });
  await clock.advance(120_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('answers to questions before the task repeat the call, and requestState is echoed unchanged', async () => {
  const { client, clock, connection } = world(({ method, params }) => {
    if (method !== 'tools/call') return { ...working, status: 'input_required', inputRequests: { approve: question } };
    if (params.inputResponses === undefined) {
      return { resultType: 'input_required', inputRequests: { approve: question }, requestState: 'a\u0000b' };
    }
    return { resultType: 'task', ...working };
  });
  const task = await callTask(client);
  expect(task.latest).toMatchObject({ phase: 'asking', taskId: null, status: 'input_required' });
  await answerNow(task, 'approve', { action: 'accept', content: { approve: true } });
  expect(connection.sent[1]?.params).toEqual({
    name: 'deploy',
    arguments: { env: 'staging' },
    inputResponses: { approve: { action: 'accept', content: { approve: true } } },
    requestState: 'a\u0000b',
  });
  await clock.advance(1_000);
  expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  await client.close();
});

test('an answer before the task resolves on the response to the repeated call, not when it is sent', async () => {
  let finish: (answer: JsonObject) => void = () => undefined;
  const { client } = world(({ params }) => {
    if (params.inputResponses === undefined) {
      return { resultType: 'input_required', inputRequests: { approve: question }, requestState: 'a' };
    }
    return new Promise<JsonObject>((resolve) => {
      finish = resolve;
    });
  });
  const task = await callTask(client);
  let given = false;
  const answering = answerNow(task, 'approve', { action: 'accept', content: { approve: true } }).then(() => {
    given = true;
  });
  await vi.waitFor(() => expect(task.latest.phase).toBe('intent'));
  expect(given).toBe(false);
  finish({ resultType: 'complete', content: [] });
  await answering;
  expect(task.latest).toMatchObject({ phase: 'settled', outcome: { status: 'completed' } });
  await client.close();
});

test('a cancelled task that completes anyway is completed', async () => {
  const { client, clock } = world(({ method }) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    if (method === 'tasks/cancel') return {};
    return { ...working, status: 'completed', result: { content: [] } };
  });
  const task = await callTask(client);
  await task.cancel();
  expect(task.latest).toMatchObject({ status: 'working', cancelAcknowledgedAt: clock.now() });
  await clock.advance(1_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('2025-11-25: a question arrives on the result stream and is answered on it', async () => {
  let finish: (value: JsonObject) => void = () => undefined;
  let answered = false;
  const { client, clock, connection } = world(
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call')
        return { task: { taskId: 't1', status: 'working', ttl: 60_000, pollInterval: 1_000 } };
      if (method === 'tasks/result')
        return new Promise<JsonObject>((resolve) => {
          finish = resolve;
        });
      return { taskId: 't1', status: answered ? 'completed' : 'input_required', pollInterval: 1_000 };
    },
    { revision: '2025-11-25', capabilities: coreTasks },
  );
  const task = await callTask(client);
  await clock.advance(1_000);
  expect(connection.count('tasks/result')).toBe(1);
  const reply = connection.ask('elicitation/create', {
    ...question.params,
    _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } },
  });
  await clock.settle();
  const [key] = Object.keys(task.latest.inputRequests);
  expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  await answerNow(task, key ?? '', { action: 'accept', content: { approve: true } });
  expect(await reply).toEqual({ action: 'accept', content: { approve: true } });
  answered = true;
  finish({ content: [{ type: 'text', text: 'done' }] });
  await clock.advance(1_000);
  expect(await task.outcome()).toMatchObject({
    status: 'completed',
    result: { content: [{ type: 'text', text: 'done' }] },
  });
});

test('of two clients on one store, one polls and sends all answers; the other takes over on close', async () => {
  const script: Script = ({ method }) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    if (method === 'tasks/update') return {};
    return { ...working, status: 'input_required', inputRequests: { approve: question } };
  };
  const { client, clock, store, connection } = world(script);
  const other = createScriptedConnection({ revision: '2026-07-28', capabilities: extension }, script);
  const second = createTaskClient({ connection: other, store, clock, owner: 'me:2:b' });
  const task = await callTask(client);
  const again = await second.get(task.id).follow();
  await clock.advance(3_000);
  expect(other.sent).toEqual([]);
  const answered = answerNow(again, 'approve', { action: 'accept', content: { approve: true } });
  await clock.advance(1_000);
  await answered;
  expect([connection.count('tasks/update'), other.count('tasks/update')]).toEqual([1, 0]);
  await client.close();
  await clock.advance(3_000);
  expect(other.count('tasks/get')).toBeGreaterThan(0);
  await second.close();
});

test('close() never cancels a task', async () => {
  const { client, clock, connection } = world(({ method }) =>
    method === 'tools/call' ? { resultType: 'task', ...working } : working,
  );
  const task = await callTask(client);
  const outcome = task.outcome();
  await client.close();
  expect(await outcome).toEqual({ status: 'detached' });
  await clock.advance(60_000);
  expect(connection.sent.map(({ method }) => method)).toEqual(['tools/call']);
});
