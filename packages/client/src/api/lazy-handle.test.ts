import { expect, test, vi } from 'vitest';
import type { RelayState } from '../connect/relay-state.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createTaskClient } from './task-client.ts';

const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const WORKING = { taskId: 't1', status: 'working', pollIntervalMs: 1_000 };
const RESULT = { content: [{ type: 'text' as const, text: 'done' }] };

function world() {
  const clock = createFakeClock();
  const store = createMemoryStore();
  let answer: object = WORKING;
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, () => ({ ...answer }));
  const connect = vi.fn(async () => connection);
  const tasks = createTaskClient({ connect, store, clock });
  const complete = (): void => {
    answer = { ...WORKING, status: 'completed', result: { resultType: 'complete', ...RESULT } };
  };
  const { identity: server } = connection;
  return { clock, store, connect, connection, tasks, complete, server };
}

test('get returns a handle at once, and a settled task needs no connection', async () => {
  const { tasks, store, connect, server } = world();
  const outcome = { status: 'completed', result: RESULT } as const;
  const record = sampleRecord({ id: 'abcdef', taskId: 't1', server, phase: 'settled', status: 'completed', outcome });
  await store.create(record);
  const task = tasks.get('abc');
  expect(task.id).toBe('abc');
  expect(await task.record()).toEqual(record);
  expect(task.id).toBe('abcdef');
  expect(await task.outcome()).toEqual(outcome);
  const updates = [];
  for await (const update of task.updates()) updates.push(update);
  expect(updates).toEqual([{ kind: 'settled', outcome, record }]);
  await expect(task.cancel()).rejects.toMatchObject({ code: 'already-settled' });
  await expect(tasks.get('zzz').outcome()).rejects.toMatchObject({ code: 'not-found' });
  expect(connect).not.toHaveBeenCalled();
  await tasks.close();
});

test('the first method that needs an open task follows it, within the timeout of the call', async () => {
  const { tasks, store, connect, complete, clock, server } = world();
  await store.create(sampleRecord({ id: 'abcdef', taskId: 't1', server, pollIntervalMs: 1_000 }));
  const task = tasks.get('t1');
  expect(await task.record()).toMatchObject({ phase: 'open' });
  expect(connect).not.toHaveBeenCalled();
  const limited = task.outcome({ timeoutMs: 500 });
  await clock.advance(500);
  expect(await limited).toEqual({ status: 'timed_out' });
  complete();
  const end = task.outcome();
  await clock.advance(2_000);
  expect(await end).toEqual({ status: 'completed', result: RESULT });
  expect(connect).toHaveBeenCalledOnce();
  await tasks.close();
});

test('outcome() for a task of an unreachable server times out, and the next call connects again', async () => {
  const { store, clock, server } = world();
  await store.create(sampleRecord({ id: 'abcdef', taskId: 't1', server }));
  const connect = vi.fn(() => new Promise<never>(() => undefined));
  const tasks = createTaskClient({ connect, store, clock });
  const limited = tasks.get('abcdef').outcome({ timeoutMs: 500 });
  await vi.waitUntil(() => connect.mock.calls.length === 1);
  await clock.advance(500);
  expect(await limited).toEqual({ status: 'timed_out' });
});

test('list() returns the tasks of this server only, filtered by labels and paged', async () => {
  const { tasks, store, server } = world();
  const labels = { thread: 't1' };
  for (const id of ['aaa', 'bbb', 'ccc']) await store.create(sampleRecord({ id, taskId: id, server, labels }));
  await store.create(sampleRecord({ id: 'ddd', taskId: 'ddd', server }));
  const other = { ...server, fingerprint: 'other' };
  await store.create(sampleRecord({ id: 'eee', taskId: 'eee', server: other, labels }));
  const first = await tasks.list({ open: true, labels, limit: 2 });
  const second = await tasks.list({ open: true, labels, limit: 2, after: first.next });
  const ids = [...first.records, ...second.records].map(({ id }) => id);
  expect(ids.sort()).toEqual(['aaa', 'bbb', 'ccc']);
  expect([first.records.length, second.next]).toEqual([2, undefined]);
  await tasks.close();
});

test('events can be filtered by labels', async () => {
  const { tasks, store, server } = world();
  const record = (id: string, thread: string) => sampleRecord({ id, taskId: id, server, labels: { thread } });
  await store.create(record('aaa', 't1'));
  await store.create(record('bbb', 't2'));
  for (const id of ['aaa', 'bbb']) await tasks.get(id).follow();
  const seen: string[] = [];
  for await (const { record: each } of tasks.events({ labels: { thread: 't2' } })) {
    seen.push(each.id);
    break;
  }
  expect(seen).toEqual(['bbb']);
  await tasks.close();
});

test('a client without a store keeps its tasks in memory, and warns once per process', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, () => ({
    resultType: 'complete',
    ...RESULT,
  }));
  const clients = [createTaskClient({ connection }), createTaskClient({ connection })];
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.calls[0]?.[0]).toContain('end with this process');
  expect(await clients[0]?.run({ name: 'hello' })).toEqual(RESULT);
  for (const client of clients) await client.close();
  warn.mockRestore();
});

test('a client with `connect` reports connection states and keeps following tasks after a reconnect', async () => {
  const { store, clock, server, connection } = world();
  await store.create(sampleRecord({ id: 'abcdef', taskId: 't1', server, pollIntervalMs: 1_000 }));
  const states: string[] = [];
  const connect = vi.fn(async () => ({ ...connection }));
  const onConnection = ({ kind }: RelayState): void => {
    states.push(kind === 'open' ? `${kind} under ${tasks.connection.negotiated.revision}` : kind);
  };
  const tasks = createTaskClient({ connect, store, clock, onConnection });
  const task = await tasks.get('abcdef').follow();
  const polls = connection.count('tasks/get');
  await tasks.reconnect();
  expect(states).toEqual(['opening', 'open under 2026-07-28', 'opening', 'open under 2026-07-28']);
  await clock.advance(2_000);
  expect(connection.count('tasks/get')).toBeGreaterThan(polls);
  expect(await task.record()).toMatchObject({ phase: 'open', contact: undefined });
  await tasks.close();
  await expect(tasks.reconnect()).rejects.toMatchObject({ code: 'closed' });
  const given = createTaskClient({ connection, store, clock });
  await expect(given.reconnect()).rejects.toMatchObject({ code: 'unsupported' });
  await given.close();
});
