import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';

const created = { resultType: 'task', taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

function world() {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, () => created);
  return { clock, store, connection, client: createTaskClient({ connection, store, clock, owner: 'me:1:a' }) };
}

test('a client that was closed calls nothing and takes up nothing, and says so', async () => {
  const { client, clock, store, connection } = world();
  const { kind } = await client.callTool({ name: 'deploy' });
  expect(kind).toBe('task');
  const [{ id } = { id: '' }] = (await store.list()).records;
  await client.close();
  const message = 'deploy was not called: this client was closed';
  await expect(client.callTool({ name: 'deploy' })).rejects.toMatchObject({ code: 'closed', message });
  await expect(client.callToolToCompletion({ name: 'deploy' })).rejects.toMatchObject({ code: 'closed', message });
  await expect(client.resume(id)).rejects.toMatchObject({ code: 'closed' });
  await expect(client.resumeAll()).rejects.toMatchObject({ code: 'closed' });
  await clock.advance(60_000);
  expect(connection.sent.map(({ method }) => method)).toEqual(['tools/call']);
  expect((await store.list()).records).toHaveLength(1);
  expect(await store.ownerOf(id)).toBeUndefined();
});

test('a client that is closed while a call is written down calls nothing, and keeps no record of it', async () => {
  const { client, store, connection } = world();
  const called = client.callTool({ name: 'deploy' }, { onRecorded: () => void client.close() });
  await expect(called).rejects.toMatchObject({ code: 'closed' });
  expect(connection.sent).toEqual([]);
  expect((await store.list()).records).toEqual([]);
});

test('whoever leaves while a call is written down has called nothing, and no record of it is kept', async () => {
  const { client, store, connection } = world();
  const left = new AbortController();
  const called = client.callTool({ name: 'deploy' }, { signal: left.signal, onRecorded: () => left.abort() });
  await expect(called).rejects.toMatchObject({ code: 'aborted', message: 'deploy was not called' });
  expect(connection.sent).toEqual([]);
  expect((await store.list()).records).toEqual([]);
});

test('what is thrown by whoever is told of the record reaches the caller, and nothing was called', async () => {
  const { client, store, connection, clock } = world();
  const onRecorded = (): never => {
    throw new Error('no room in the list');
  };
  await expect(client.callTool({ name: 'deploy' }, { onRecorded })).rejects.toThrow('no room in the list');
  expect(connection.sent).toEqual([]);
  expect((await store.list()).records).toEqual([]);
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
});
