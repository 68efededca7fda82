import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { JsonValue } from '../task/json.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection, type Script } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

const working = { taskId: 't1', status: 'working', pollIntervalMs: 1_000 };
const completed = { ...working, status: 'completed', result: { content: [] } };
const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

test('a process whose lease expired unnoticed writes nothing, stops polling and follows the new holder', async () => {
  const clock = createFakeClock();
  const memory = createMemoryStore({ clock });
  const process = (owner: string, store: TaskStore, script: Script) => {
    const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, script);
    return { connection, client: createTaskClient({ connection, store, clock, owner }) };
  };

  let stuck = false;
  let answer: (snapshot: JsonValue) => void = () => undefined;
  const late = new Promise<JsonValue>((resolve) => {
    answer = resolve;
  });
  const renew: TaskStore['renew'] = (owner) =>
    stuck ? Promise.reject(new Error('the disk is slow')) : memory.renew(owner);
  const first = process('me:1:a', { ...memory, renew }, ({ method }) =>
    method === 'tools/call' ? { resultType: 'task', ...working } : late,
  );
  const call = await acceptedCall(first.client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  const { task } = call;
  await clock.advance(1_000);
  stuck = true;

  let done = false;
  const second = process('me:2:b', memory, () => (done ? completed : working));
  const other = await second.client.get(task.id).follow();
  await clock.advance(15_000);
  expect(await memory.ownerOf(task.id)).toBe('me:2:b');
  answer({ ...working, status: 'failed', error: { code: 1, message: 'said to a process of before' } });
  await clock.advance(5_000);
  expect(await memory.read(task.id)).toMatchObject({ status: 'working', outcome: null });
  expect(first.connection.count('tasks/get')).toBe(1);

  stuck = false;
  done = true;
  await clock.advance(5_000);
  const outcome = task.outcome();
  expect(other.latest).toMatchObject({ phase: 'settled' });
  expect(await outcome).toMatchObject({ status: 'completed' });
  expect(first.connection.count('tasks/get')).toBe(1);
});
