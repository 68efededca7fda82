import { expect, test } from 'vitest';
import { TaskError } from '../errors.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFakeClock } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createTaskClient } from './task-client.ts';

const unreachable = () => Promise.reject(new TaskError('unreachable', 'the server is down'));

/** A new process with two records on disk, one of another server, while its server is down. */
async function restarted() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const ours = sampleRecord({ id: 'ours22' });
  const theirs = sampleRecord({ id: 'thrs22', server: { ...ours.server, fingerprint: 'another' } });
  await store.create(ours);
  await store.create(theirs);
  return { clock, store, identity: ours.server };
}

test('with its identity given, a new process lists the tasks of an unreachable server', async () => {
  const { clock, store, identity } = await restarted();
  const client = createTaskClient({ connect: unreachable, identity, store, clock });
  expect((await client.list()).records.map(({ id }) => id)).toEqual(['ours22']);
  await client.close();
  await expect(client.list()).rejects.toMatchObject({ code: 'closed' });
});

test('without it, the list needs the first connection', async () => {
  const { clock, store } = await restarted();
  const client = createTaskClient({ connect: unreachable, store, clock });
  await expect(client.list()).rejects.toMatchObject({ code: 'unreachable', message: 'the server is down' });
  await client.close();
});
