import { expect, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';

const WORKING = { taskId: 't1', status: 'working', ttl: 60_000, pollInterval: 1_000 };

test('a result that does not arrive after the end of the task is requested again', async () => {
  const clock = createFakeClock();
  const connection = createScriptedConnection(
    { revision: '2025-11-25', capabilities: { tasks: { requests: { tools: { call: {} } } } } },
    ({ method }, count) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task: WORKING };
      if (method === 'tasks/result') return count === 1 ? new Promise(() => undefined) : { content: [] };
      return { ...WORKING, status: 'completed' };
    },
  );
  const client = createTaskClient({ connection, store: createMemoryStore(), clock });
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  await clock.advance(60_000);
  expect(connection.count('tasks/result')).toBe(1);
  await clock.advance(120_000);
  expect(await call.task.outcome()).toMatchObject({ status: 'completed', result: { content: [] } });
  await client.close();
  expect(clock.pending).toBe(0);
});

test.each([
  ['about another task', { taskId: 't2', status: 'completed', result: {} }, 'it is about task t2'],
  ['that cannot be read', { status: 'completed' }, ''],
])('a poll response %s is recorded as invalid, and the poll is retried', async (_, useless, why) => {
  const clock = createFakeClock();
  const working = { taskId: 't1', status: 'working', pollIntervalMs: 1_000 };
  const connection = createScriptedConnection(
    { revision: '2026-07-28', capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    ({ method }, count) => {
      if (method === 'tools/call') return { resultType: 'task', ...working };
      return count === 1 ? useless : { ...working, status: 'completed', result: { content: [] } };
    },
  );
  const client = createTaskClient({ connection, store: createMemoryStore(), clock });
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  await clock.advance(1_000);
  expect(call.task.latest).toMatchObject({ phase: 'open', status: 'working' });
  expect(call.task.latest.trouble).toContain(`The server's response about the task is invalid: ${why}`);
  await clock.advance(1_000);
  expect(await call.task.outcome()).toMatchObject({ status: 'completed' });
  await client.close();
});

test('an answer waits until its question arrives on this connection, while another is sent (2025-11-25)', async () => {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const connection = createScriptedConnection(
    { revision: '2025-11-25', capabilities: { tasks: { requests: { tools: { call: {} } } } } },
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task: WORKING };
      if (method === 'tasks/result') return new Promise(() => undefined);
      return { ...WORKING, status: 'input_required' };
    },
  );
  const client = createTaskClient({ connection, store, clock, owner: 'me:1:a' });
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  await clock.advance(1_000);
  const ask = (message: string) =>
    connection.ask('elicitation/create', {
      ...{ mode: 'form', message, requestedSchema: { type: 'object', properties: {} } },
      _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } },
    });
  const reply = ask('Now?');
  await clock.settle();
  const [now = ''] = Object.keys(call.task.latest.inputRequests);
  const { ledger, inputRequests } = call.task.latest;
  // Another process has answered both; this connection has received only one of the questions.
  const later = 'question-later';
  const digest = ledger[now]?.digest ?? '';
  const answering = { state: 'answering' as const, digest, response: { action: 'decline' }, since: clock.now() };
  await store.update(call.task.id, (record) => ({
    ...record,
    inputRequests: { ...inputRequests, [later]: inputRequests[now] as (typeof inputRequests)[string] },
    ledger: { [now]: answering, [later]: answering },
  }));
  await clock.advance(250);
  expect(await reply).toEqual({ action: 'decline' });
  expect(call.task.latest.ledger).toMatchObject({
    [now]: { state: 'acknowledged' },
    [later]: { state: 'answering' },
  });
  await client.close();
});

test('a poll that waits for a socket is not sent once the heartbeat is too old', async () => {
  const clock = createFakeClock();
  const inner = createMemoryStore();
  let hangs = false;
  const store = new Proxy(inner, {
    get(target, name) {
      if (name === 'renew' && hangs) return () => new Promise(() => undefined);
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const scripted = createScriptedConnection(
    { revision: '2026-07-28', capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    ({ method }) =>
      method === 'tools/call'
        ? { resultType: 'task', taskId: 't1', status: 'working', pollIntervalMs: 1_000 }
        : new Promise(() => undefined),
  );
  let maySend: (() => boolean) | undefined;
  const request: typeof scripted.request = (method, params, options) => {
    if (method === 'tasks/get') maySend = options?.maySend;
    return scripted.request(method, params, options);
  };
  const client = createTaskClient({ connection: { ...scripted, request }, store, clock, requestTimeoutMs: 60_000 });
  await acceptedCall(client, { name: 'deploy' });
  await clock.advance(1_000);
  expect(maySend?.()).toBe(true);
  hangs = true;
  await clock.advance(10_000);
  expect(maySend?.()).toBe(false);
  await client.close();
});
