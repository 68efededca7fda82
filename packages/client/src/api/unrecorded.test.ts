import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonObject } from '../task/json.ts';
import { createFakeClock, createScriptedConnection, type Script } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

const able = { tasks: { list: {}, requests: { tools: { call: {} } } } };

function world(script: Script, capabilities: JsonObject = able) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const connection = createScriptedConnection({ revision: '2025-11-25', capabilities }, script);
  return { clock, store, connection, client: createTaskClient({ connection, store, clock, owner: 'me:1:a' }) };
}

const listed = (status: string, more: JsonObject = {}) => ({
  tasks: [{ taskId: 'theirs', status, ttl: 60_000, pollInterval: 1_000, ...more }, { status: 'nameless' }],
});

test('listUnrecorded() lists tasks started elsewhere without recording or following them', async () => {
  const { client, store, clock, connection } = world((_request, count) =>
    listed('working', { statusMessage: `Step ${count}` }),
  );
  const [first] = await client.listUnrecorded();
  expect(first).toMatchObject({ taskId: 'theirs', tool: '(unknown)', status: 'working', statusMessage: 'Step 1' });
  const [second, ...none] = await client.listUnrecorded();
  expect(none).toEqual([]);
  expect(second).toMatchObject({ id: first?.id, statusMessage: 'Step 2' });
  expect(second?.history.map(({ message }) => message)).toEqual(['Step 1', 'Step 2']);
  await clock.advance(60_000);
  expect((await store.list()).records).toEqual([]);
  expect(connection.sent.map(({ method }) => method)).toEqual(['tasks/list', 'tasks/list']);
});

test('an adopted task keeps its task id, is followed to its end, and leaves listUnrecorded()', async () => {
  const result = { content: [{ type: 'text', text: 'done' }] };
  const { client, store, clock } = world(({ method }) => {
    if (method === 'tasks/list') return listed('working');
    if (method === 'tasks/get') return { taskId: 'theirs', status: 'completed' };
    return result;
  });
  const [other] = await client.listUnrecorded();
  const task = await client.adopt({ taskId: 'theirs', labels: { thread: 't1' } });
  expect(task.id).toBe(other?.id);
  expect(await client.listUnrecorded()).toEqual([]);
  const outcome = task.outcome();
  await clock.advance(2_000);
  expect(await outcome).toEqual({ status: 'completed', result });
  expect(await store.read(task.id)).toMatchObject({ phase: 'settled', taskId: 'theirs' });
  expect((await client.adopt({ taskId: 'theirs' }).catch((error) => error)).code).toBe('not-found');
});

test('listUnrecorded() sends nothing to a server without tasks/list', async () => {
  const { client, connection } = world(() => ({}), { tasks: { requests: { tools: { call: {} } } } });
  expect(await client.listUnrecorded()).toEqual([]);
  expect(connection.sent).toEqual([]);
});
