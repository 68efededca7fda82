import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { openMailbox } from './mailbox.ts';
import { createTaskClient } from './task-client.ts';

await import('./refresh-record.ts'); // load it first: a fake clock does not wait for it

import './refresh-record.ts'; // a fake clock does not wait for the first load

const HINT_MS = 60_000;
const working = { taskId: 't1', status: 'working', ttlMs: null, pollIntervalMs: HINT_MS };

/** A task that is polled once a minute by a worker, and was polled ten seconds ago. */
async function createWorld() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const server = { reply: working as object };
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method }) =>
    method === 'tools/call' ? { resultType: 'task', ...working } : { ...server.reply },
  );
  const client = createTaskClient({ connection, store, clock, owner: 'worker:1:a' });
  const { id } = await client.start({ name: 'deploy' });
  await clock.advance(HINT_MS + 10_000);
  const task = openMailbox(store, { clock }).get(id);
  const polls = () => connection.count('tasks/get');
  return { clock, store, server, client, task, id, polls };
}

test('refresh() in a mailbox makes the worker poll now, and returns even a response without changes', async () => {
  const { clock, task, polls } = await createWorld();
  expect(polls()).toBe(1);
  const refreshed = task.refresh();
  await clock.advance(100);
  expect((await refreshed).observedAt).toBe(clock.now() - 100);
  expect(polls()).toBe(2);
  await clock.advance(HINT_MS - 1_000);
  expect(polls()).toBe(2);
  await clock.advance(2_000);
  expect(polls()).toBe(3);
});

test('refresh() in a mailbox returns the changes that the poll found', async () => {
  const { clock, task, server } = await createWorld();
  server.reply = { ...working, status: 'completed', result: { content: [] } };
  const refreshed = task.refresh();
  await clock.advance(100);
  expect(await refreshed).toMatchObject({ phase: 'settled', status: 'completed' });
});

test('only one refresh per poll interval polls early', async () => {
  const { clock, task, polls } = await createWorld();
  for (let times = 0; times < 5; times += 1) {
    const refreshed = Promise.all([task.refresh(), task.refresh()]);
    await clock.advance(3_000);
    await refreshed;
  }
  expect(polls()).toBe(2);
  await clock.advance(HINT_MS);
  expect(polls()).toBe(3);
  void task.refresh();
  await clock.advance(3_000);
  expect(polls()).toBe(4);
});

test('refresh() in a mailbox returns at its timeout, or at once without a lease holder', async () => {
  const { clock, task, client, id, store } = await createWorld();
  const before = task.refresh();
  await clock.advance(200);
  const { observedAt } = await before;
  const late = task.refresh({ timeoutMs: 1_000 });
  await clock.advance(1_000);
  expect((await late).observedAt).toBe(observedAt);
  await client.close();
  expect(await store.ownerOf(id)).toBeUndefined();
  expect((await task.refresh()).observedAt).toBe(observedAt);
});
