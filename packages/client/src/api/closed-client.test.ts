import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { followOpen } from '../testing/follow-open.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

const created = { resultType: 'task', taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

function world(store = createMemoryStore()) {
  const clock = createFakeClock();
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, () => created);
  return { clock, store, connection, client: createTaskClient({ connection, store, clock, owner: 'me:1:a' }) };
}

test('a closed client sends no call, resumes no task, and throws `closed`', async () => {
  const { client, clock, store, connection } = world();
  const { kind } = await acceptedCall(client, { name: 'deploy' });
  expect(kind).toBe('task');
  const [{ id } = { id: '' }] = (await store.list()).records;
  await client.close();
  const message = 'deploy was not called: this client was closed';
  await expect(acceptedCall(client, { name: 'deploy' })).rejects.toMatchObject({ code: 'closed', message });
  await expect(client.run({ name: 'deploy' })).rejects.toMatchObject({ code: 'closed', message });
  await expect(client.get(id).follow()).rejects.toMatchObject({ code: 'closed' });
  await expect(followOpen(client)).rejects.toMatchObject({ code: 'closed' });
  await clock.advance(60_000);
  expect(connection.sent.map(({ method }) => method)).toEqual(['tools/call']);
  expect((await store.list()).records).toHaveLength(1);
  expect(await store.ownerOf(id)).toBeUndefined();
});

/** A store that runs `act` when the record of a call is written. */
function storeThat(act: () => void): TaskStore {
  const memory = createMemoryStore();
  const create: TaskStore['create'] = async (...args) => {
    await memory.create(...args);
    act();
  };
  return { ...memory, create };
}

test('closing a client while a call is being recorded sends nothing and deletes the record', async () => {
  const { client, store, connection } = world(storeThat(() => void client.close()));
  await expect(client.start({ name: 'deploy' })).rejects.toMatchObject({ code: 'closed' });
  expect(connection.sent).toEqual([]);
  expect((await store.list()).records).toEqual([]);
});

test('aborting while a call is being recorded sends nothing and deletes the record', async () => {
  const left = new AbortController();
  const { client, store, connection, clock } = world(storeThat(() => left.abort()));
  const called = client.start({ name: 'deploy', signal: left.signal });
  await expect(called).rejects.toMatchObject({ code: 'aborted', message: 'deploy was not called' });
  expect(connection.sent).toEqual([]);
  expect((await store.list()).records).toEqual([]);
  await client.close();
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
});
