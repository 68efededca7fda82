import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

const extension = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const coreTasks = { tasks: { requests: { tools: { call: {} } } } };
const working = { taskId: 't1', status: 'working', pollIntervalMs: 1_000, pollInterval: 1_000 };
const cancelled = { ...working, status: 'cancelled' };

async function world(revision: string) {
  const clock = createFakeClock();
  const isCore = revision === '2025-11-25';
  const connection = createScriptedConnection(
    { revision, capabilities: isCore ? coreTasks : extension },
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return isCore ? { task: working } : { resultType: 'task', ...working };
      return method === 'tasks/result' ? { content: [] } : working;
    },
  );
  const client = createTaskClient({ connection, store: createMemoryStore(), clock, owner: 'me:1:a' });
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  return { clock, connection, task: call.task };
}

test.each([
  ['2026-07-28', 'notifications/tasks'],
  ['2025-11-25', 'notifications/tasks/status'],
])('under %s, %s updates a task without a poll', async (revision, method) => {
  const { clock, connection, task } = await world(revision);
  connection.notify(method, cancelled);
  await clock.settle();
  expect(task.latest.status).toBe('cancelled');
  expect(connection.count('tasks/get')).toBe(0);
});

test.each([
  ['with another method', 'notifications/message', cancelled],
  ['of another task', 'notifications/tasks', { ...cancelled, taskId: 't2' }],
  ['that cannot be read', 'notifications/tasks', { status: 'cancelled' }],
])('a notification %s does not change a task', async (_, method, params) => {
  const { clock, connection, task } = await world('2026-07-28');
  connection.notify(method, params);
  await clock.settle();
  expect(task.latest).toMatchObject({ status: 'working', phase: 'open' });
});
