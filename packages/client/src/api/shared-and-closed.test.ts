import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonObject } from '../task/json.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { answerNow } from '../testing/answer-now.ts';
import { createFakeClock, createScriptedConnection, type Script } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

// Loaded with the first answer: a fake clock does not wait for it.
await import('./answer-question.ts');

const extension = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const coreTasks = { tasks: { requests: { tools: { call: {} } } } };
const created = { resultType: 'task', taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const approval = { mode: 'form', message: 'Approve?', requestedSchema: { type: 'object', properties: {} } };
const asking = {
  ...created,
  status: 'input_required',
  inputRequests: { approve: { method: 'elicitation/create', params: approval } },
};

function world(script: Script, revision = '2026-07-28', capabilities: JsonObject = extension) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const connection = createScriptedConnection({ revision, capabilities }, script);
  const open = (owner: string) => createTaskClient({ connection, store, clock, owner });
  return { clock, connection, client: open('me:1:a'), open };
}

async function callTask(client: ReturnType<typeof createTaskClient>) {
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  return call.task;
}

test('closing the client rejects a pending answer and cancel with `closed`, not as refused by the server', async () => {
  const { client, clock } = world(({ method }) => (method === 'tools/call' ? created : asking));
  const task = await callTask(client);
  await clock.advance(1_000);
  const given = [answerNow(task, 'approve', { action: 'decline' }), task.cancel()];
  await client.close();
  for (const each of given) await expect(each).rejects.toMatchObject({ code: 'closed' });
});

const related = { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } } };

/** A server of 2025-11-25 whose task keeps this status. */
function coreWorld(status: string) {
  const task = { taskId: 't1', ttl: null, pollInterval: 1_000 };
  const script: Script = ({ method }) => {
    if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
    if (method === 'tools/call') return { task: { ...task, status: 'working' } };
    if (method === 'tasks/result') return new Promise<JsonObject>(() => undefined);
    return { ...task, status };
  };
  return world(script, '2025-11-25', coreTasks);
}

test('each client on a shared connection receives the questions of its own tasks (2025-11-25)', async () => {
  const { client, clock, connection, open } = coreWorld('input_required');
  const task = await callTask(client);
  open('me:1:b');
  await clock.advance(1_000);
  const reply = connection.ask('elicitation/create', { ...approval, ...related });
  await clock.settle();
  const [key = ''] = Object.keys(task.latest.inputRequests);
  await answerNow(task, key, { action: 'decline' });
  expect(await reply).toEqual({ action: 'decline' });
});

test('of two clients that share a connection and a task, the lease holder gets the question (2025-11-25)', async () => {
  const { client, clock, connection, open } = coreWorld('working');
  const task = await callTask(open('me:1:b'));
  await client.get('t1').follow();
  const reply = connection.ask('elicitation/create', { ...approval, ...related });
  await clock.settle();
  const [key = ''] = Object.keys(task.latest.inputRequests);
  await answerNow(task, key, { action: 'decline' });
  expect(await reply).toEqual({ action: 'decline' });
});

test('an empty string is no id prefix', async () => {
  const { client } = world(() => created);
  await callTask(client);
  await expect(client.get('').follow()).rejects.toMatchObject({ code: 'not-found' });
});
