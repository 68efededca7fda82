import { expect, test } from 'vitest';
import type { Question, TaskClientOptions } from '../api/client-api.ts';
import { createTaskClient } from '../api/task-client.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { answerNow } from '../testing/answer-now.ts';
import { createFakeClock, createScriptedConnection, fail, type Script } from '../testing/index.ts';

const extension = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const coreTasks = { tasks: { requests: { tools: { call: {} } } } };
const working = { taskId: 't1', status: 'working', pollIntervalMs: 1_000, pollInterval: 1_000 };
const created = { resultType: 'task', ...working };

function world(script: Script, over: Partial<TaskClientOptions> & { readonly core?: boolean } = {}) {
  const clock = createFakeClock();
  const { core = false, store = createMemoryStore({ clock }), ...options } = over;
  const negotiated = core
    ? { revision: '2025-11-25', capabilities: coreTasks }
    : { revision: '2026-07-28', capabilities: extension };
  const connection = createScriptedConnection(negotiated, script);
  const client = createTaskClient({ connection, store, clock: over.clock ?? clock, owner: 'me:1:a', ...options });
  async function start() {
    const call = await acceptedCall(client, { name: 'deploy' });
    if (call.kind !== 'task') throw new Error('expected a task');
    return call.task;
  }
  return { clock, store, connection, client, start };
}

test('detaching one of two handles of a task leaves the other following it', async () => {
  const { client, clock, connection, start } = world(({ method }, count) => {
    if (method === 'tools/call') return created;
    return count < 3 ? working : { ...working, status: 'completed', result: { content: [] } };
  });
  const first = await start();
  const second = await client.get('t1').follow();
  first.detach();
  first.detach();
  const outcome = second.outcome();
  await clock.advance(3_000);
  expect(await outcome).toMatchObject({ status: 'completed' });
  expect(connection.count('tasks/get')).toBe(3);
});

test('a task detached and resumed at once keeps its lease and its poll schedule', async () => {
  const { client, clock, connection, store, start } = world(({ method }) =>
    method === 'tools/call' ? created : working,
  );
  const first = await start();
  first.detach();
  const again = await client.get('t1').follow();
  await clock.advance(3_000);
  expect(connection.count('tasks/get')).toBe(3);
  expect(await store.ownerOf(again.id)).toBe('me:1:a');
  await client.close();
  expect(clock.pending).toBe(0);
});

test('a pending refresh() resolves when the client closes', async () => {
  const { client, clock, start } = world(({ method }) =>
    method === 'tools/call' ? created : new Promise<JsonValue>(() => undefined),
  );
  const task = await start();
  await clock.advance(1_000);
  const looking = task.refresh();
  await client.close();
  expect(await looking).toMatchObject({ taskId: 't1', status: 'working' });
});

test('a result stream ends with the lease of its task, so that the next lease holder gets the question', async () => {
  let aborted = 0;
  const { client, clock, connection, store, start } = world(
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task: working };
      if (method === 'tasks/result') return new Promise<JsonObject>(() => undefined);
      return { ...working, status: 'input_required' };
    },
    { core: true },
  );
  const { request } = connection;
  const watched: typeof request = (method, params, options) => {
    const note = (): void => {
      aborted += 1;
    };
    if (method === 'tasks/result') options?.signal?.addEventListener('abort', note);
    return request(method, params, options);
  };
  Object.assign(connection, { request: watched });
  const task = await start();
  await clock.advance(1_000);
  expect(connection.count('tasks/result')).toBe(1);
  clock.jump(20_000);
  expect(await store.claim({ owner: 'other:2:b', limit: 1, ids: [task.id] })).toHaveLength(1);
  await clock.advance(1_000);
  expect(aborted).toBe(1);
  await client.close();
});

test('aborting one caller of the shared tools/list request does not affect the other', async () => {
  let list: (value: JsonValue) => void = () => undefined;
  const { client, connection, clock } = world(
    ({ method }) =>
      method === 'tools/list'
        ? new Promise<JsonValue>((resolve) => {
            list = resolve;
          })
        : { task: working },
    { core: true },
  );
  const leaving = new AbortController();
  const first = acceptedCall(client, { name: 'deploy', signal: leaving.signal });
  const second = acceptedCall(client, { name: 'deploy' });
  leaving.abort();
  await expect(first).rejects.toMatchObject({ code: 'aborted' });
  list({ tools: [{ name: 'deploy', execution: { taskSupport: 'optional' } }] });
  expect(await second).toMatchObject({ kind: 'task' });
  expect(connection.sent.map(({ method }) => method)).toEqual(['tools/list', 'tools/call']);
  connection.notify('notifications/tools/list_changed', {});
  void acceptedCall(client, { name: 'deploy' });
  await clock.settle();
  expect(connection.count('tools/list')).toBe(2);
  await client.close();
});

test('a changed question is withdrawn and asked anew, and an answer to the old one is not sent', async () => {
  const ask = (message: string) => ({ method: 'elicitation/create', params: { message } });
  let question = ask('Delete staging?');
  const { client, clock, connection, start } = world(({ method }) => {
    if (method === 'tools/call') return created;
    if (method === 'tasks/update') return {};
    return { ...working, status: 'input_required', inputRequests: { go: question } };
  });
  const task = await start();
  const changes: string[] = [];
  const questions: Question[] = [];
  void (async () => {
    for await (const update of task.updates()) {
      if (update.kind === 'question') questions.push(update.question);
      if (update.kind === 'question') changes.push(`asked ${update.request.params.message}`);
      if (update.kind === 'question-withdrawn') changes.push(`withdrawn ${update.key}`);
    }
  })();
  await clock.advance(1_000);
  question = ask('Delete production?');
  await clock.advance(1_000);
  expect(changes).toEqual(['asked Delete staging?', 'withdrawn go', 'asked Delete production?']);
  const [read] = questions;
  expect(read?.request).toEqual(ask('Delete staging?'));
  await expect(read?.answer({ action: 'accept' })).rejects.toMatchObject({ code: 'question-changed' });
  await expect(task.question('go', read?.digest)).rejects.toThrow('asks a different question');
  expect(connection.count('tasks/update')).toBe(0);
  await questions[1]?.answer({ action: 'decline' });
  expect(connection.count('tasks/update')).toBe(1);
  await client.close();
});

test('answer() rejects if the repeated call got no response, and the answer is dropped', async () => {
  const { client, store, start } = world(({ params }) => {
    if (params.inputResponses !== undefined) throw new Error('ECONNRESET');
    const inputRequests = { go: { method: 'elicitation/create', params: { message: 'Go?' } } };
    return { resultType: 'input_required', inputRequests, requestState: 's' };
  });
  const task = await start();
  const answered = answerNow(task, 'go', { action: 'accept', content: { password: 'hunter2' } });
  await expect(answered).rejects.toMatchObject({ code: 'connection-lost' });
  const [record] = (await store.list()).records;
  expect(record).toMatchObject({ phase: 'intent', status: 'unknown' });
  expect(JSON.stringify(record)).not.toContain('hunter2');
  await client.close();
});

test('answer() rejects if the repeated call was refused, and the answer is not acknowledged', async () => {
  const { client, store, start } = world(({ params }) => {
    if (params.inputResponses !== undefined) return fail({ kind: 'rpc', code: -32603, message: 'too late' });
    const inputRequests = { go: { method: 'elicitation/create', params: { message: 'Go?' } } };
    return { resultType: 'input_required', inputRequests, requestState: 's' };
  });
  const task = await start();
  const answered = answerNow(task, 'go', { action: 'accept' });
  await expect(answered).rejects.toMatchObject({
    code: 'already-settled',
    message: expect.stringContaining('too late'),
  });
  const [record] = (await store.list()).records;
  expect(record).toMatchObject({ outcome: { status: 'failed' }, ledger: { go: { state: 'open' } } });
  await client.close();
});

test.each([
  ['auth', 'auth_required', 'open'],
  ['session-gone', 'expired', 'settled'],
] as const)('2025-11-25: a result that cannot be fetched (%s) is %s', async (kind, status, phase) => {
  const { client, clock, start } = world(
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task: working };
      if (method === 'tasks/result') return fail({ kind, message: 'no' });
      return { ...working, status: 'completed' };
    },
    { core: true },
  );
  const task = await start();
  await clock.advance(1_000);
  expect(await task.outcome()).toMatchObject({ status });
  expect(task.latest).toMatchObject({ phase, status: 'completed' });
  await client.close();
});

test.each([
  ['another question has replaced the question', 'Delete production?', 'open', 0],
  ['the question is unchanged', 'Deploy to staging?', 'acknowledged', 1],
])('an answer saved while the store failed is sent only if %s', async (_, next, state, sent) => {
  const ask = (message: string) => ({ go: { method: 'elicitation/create', params: { message } } });
  let message = 'Deploy to staging?';
  let isFull = false;
  const clock = createFakeClock();
  const memory = createMemoryStore({ clock });
  const updateMany: typeof memory.updateMany = (steps) =>
    isFull ? Promise.reject(new Error('disk full')) : memory.updateMany(steps);
  const { connection, client, start } = world(
    ({ method }) => {
      if (method === 'tools/call') return created;
      if (method === 'tasks/update') return {};
      return { ...working, status: 'input_required', inputRequests: ask(message), statusMessage: message };
    },
    { store: { ...memory, updateMany }, clock },
  );
  const task = await start();
  await clock.advance(1_000);
  isFull = true;
  message = next;
  await clock.advance(1_500);
  await memory.update(task.id, (stored) => {
    const digest = stored.ledger.go?.digest ?? '';
    const answering = { state: 'answering', digest, response: { action: 'accept' }, since: clock.now() } as const;
    return { ...stored, ledger: { go: answering } };
  });
  isFull = false;
  await clock.advance(3_000);
  expect(task.latest.ledger.go?.state).toBe(state);
  expect(connection.count('tasks/update')).toBe(sent);
  await client.close();
});
