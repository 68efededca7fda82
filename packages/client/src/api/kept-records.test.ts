import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createScriptedConnection, fail } from '../testing/scripted-connection.ts';
import { createTaskClient } from './task-client.ts';

const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const task = { resultType: 'task', taskId: 't1', status: 'working', pollIntervalMs: 1_000 };

test("with record: 'tasks' a plain result leaves no record, and a task does", async () => {
  const store = createMemoryStore();
  const clock = createFakeClock();
  const seen: (string | undefined)[] = [];
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, async ({ params }) => {
    seen.push((await store.list()).records[0]?.phase);
    if (params.name === 'hello') return { resultType: 'complete', content: [] };
    return params.name === 'refused' ? fail({ kind: 'rpc', code: -32602, message: 'no' }) : task;
  });
  const tasks = createTaskClient({ connection, store, clock, record: 'tasks' });
  expect(await acceptedCall(tasks, { name: 'hello' })).toMatchObject({ kind: 'complete', result: { content: [] } });
  expect((await store.list()).records).toEqual([]);
  await expect(acceptedCall(tasks, { name: 'refused' })).rejects.toMatchObject({ code: 'rpc-error' });
  expect((await store.list()).records).toEqual([]);
  expect(seen).toEqual(['intent', 'intent']); // on record while the call was in flight
  await acceptedCall(tasks, { name: 'deploy' });
  expect((await store.list()).records.map(({ taskId }) => taskId)).toEqual(['t1']);
  await tasks.close();
});

test('keepSettledMs deletes old settled records at start and while the client runs', async () => {
  const store = createMemoryStore();
  const clock = createFakeClock();
  const settled = (id: string, agoMs: number) =>
    sampleRecord({ id, taskId: id, phase: 'settled', status: 'completed', updatedAt: clock.now() - agoMs });
  for (const record of [settled('old', 7_200_000), settled('young', 1_000)]) await store.create(record);
  await store.create(sampleRecord({ id: 'open', taskId: 'open', updatedAt: 0 }));
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, () => ({}));
  const tasks = createTaskClient({ connection, store, clock, keepSettledMs: 3_600_000 });
  await clock.advance(0);
  expect((await store.list()).records.map(({ id }) => id).sort()).toEqual(['open', 'young']);
  await clock.advance(3_600_000);
  expect((await store.list()).records.map(({ id }) => id)).toEqual(['open']);
  await tasks.close();
});
