import { expect, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';

const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

test('a call recorded as lost is followed again once its task is on record', async () => {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, () => ({
    taskId: 't1',
    status: 'completed',
    result: { content: [] },
  }));
  await store.create(
    sampleRecord({
      id: 'calling',
      server: connection.identity,
      phase: 'intent',
      status: 'unknown',
      createdAt: clock.now(),
    }),
  );
  const client = createTaskClient({ connection, store, clock });
  const handle = await client.get('calling').follow();
  await clock.advance(1_000);
  expect(await handle.outcome()).toMatchObject({ status: 'unknown' });
  expect(handle.latest.contact).toMatchObject({ kind: 'lost' });

  // The process that sent the call was only slow: it records the task it received.
  await store.update('calling', (record) => ({ ...record, taskId: 't1', phase: 'open', status: 'working' }));
  await clock.advance(5_000);
  expect(connection.count('tasks/get')).toBe(1);
  expect(await handle.outcome()).toMatchObject({ status: 'completed' });
  await client.close();
});
