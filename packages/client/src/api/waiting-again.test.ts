import { expect, test, vi } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection, fail, type Script } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';
import { waitAny } from './wait.ts';

const working = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const completed = { ...working, status: 'completed', result: { content: [] } };

function world(script: Script, observe = false) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const connection = createScriptedConnection(
    { revision: '2026-07-28', capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    (request, count) =>
      request.method === 'tools/call'
        ? { resultType: 'task', ...working, taskId: `t${count}` }
        : script(request, count),
  );
  const client = createTaskClient({ connection, store, clock, owner: 'me:1:a' });
  const watcher = createTaskClient({ connection, store, clock, owner: 'me:1:b', observe: true });
  return { clock, store, connection, client: observe ? watcher : client, caller: client };
}

async function callTask({ caller }: ReturnType<typeof world>) {
  const call = await acceptedCall(caller, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  return call.task;
}

const down = () => fail({ kind: 'http', status: 503, message: 'HTTP 503' });
const refused = () => fail({ kind: 'auth', message: 'HTTP 401' });

test('a second outcome() on an unreachable server ends after five more failures, at the same intervals', async () => {
  const w = world(down);
  const task = await callTask(w);
  const first = task.outcome();
  await w.clock.advance(16_000);
  expect(await first).toMatchObject({ status: 'unreachable' });
  expect(w.connection.count('tasks/get')).toBe(5);
  let count = 0;
  const wait = async (): Promise<void> => {
    while (count < 1_000) {
      await task.outcome();
      count += 1;
    }
  };
  void wait();
  await w.clock.advance(3_600_000);
  const polls = w.connection.count('tasks/get');
  expect(polls).toBeLessThan(70);
  expect(count).toBe(Math.floor(polls / 5) - 1);
});

test('a second outcome() resolves with the end of the task if the server recovers', async () => {
  const w = world((_, count) => (count <= 7 ? down() : completed));
  const task = await callTask(w);
  const first = task.outcome();
  await w.clock.advance(60_000);
  expect(await first).toMatchObject({ status: 'unreachable' });
  await w.clock.advance(120_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('outcome() returns `unreachable` again after a server recovered and failed again', async () => {
  const w = world((_, count) => (count === 6 ? working : down()));
  const task = await callTask(w);
  const first = task.outcome();
  await w.clock.advance(16_000);
  expect(await first).toMatchObject({ status: 'unreachable' });
  const again = task.outcome();
  await w.clock.advance(9_000);
  expect(w.connection.count('tasks/get')).toBe(10);
  expect(await Promise.race([again, 'still waiting'])).toBe('still waiting');
  await w.clock.advance(1_000);
  expect(w.connection.count('tasks/get')).toBe(11);
  expect(await again).toMatchObject({ status: 'unreachable' });
});

test('each of several concurrent outcome() calls returns `unreachable`', async () => {
  const w = world(down);
  const task = await callTask(w);
  const both = [task.outcome(), task.outcome()];
  await w.clock.advance(60_000);
  expect(await Promise.all(both)).toMatchObject([{ status: 'unreachable' }, { status: 'unreachable' }]);
  const late = await callTask(w);
  await w.clock.advance(60_000);
  expect(await waitAny([task, late])).toMatchObject({ task: { id: late.id }, outcome: { status: 'unreachable' } });
});

test.each([false, true])(
  'a second outcome() after `auth_required` polls the server again (observe: %s)',
  async (observe) => {
    let signedIn = false;
    const w = world(() => (signedIn ? completed : refused()), observe);
    const called = await callTask(w);
    const { id } = called;
    if (observe) called.detach();
    await w.clock.settle();
    const task = await w.client.get(id).follow();
    const first = task.outcome();
    await w.clock.advance(10_000);
    expect(await first).toEqual({ status: 'auth_required' });
    expect(w.connection.count('tasks/get')).toBe(1);
    const again = task.outcome();
    await w.clock.advance(10_000);
    expect(await again).toEqual({ status: 'auth_required' });
    expect(w.connection.count('tasks/get')).toBe(2);
    signedIn = true;
    const last = task.outcome();
    await w.clock.advance(10_000);
    expect(await last).toMatchObject({ status: 'completed' });
    expect(w.connection.count('tasks/get')).toBe(3);
  },
);

test('after `auth_required` nothing is polled or written until the next outcome()', async () => {
  const w = world(refused);
  const task = await callTask(w);
  await w.clock.advance(10_000);
  expect(await task.outcome()).toEqual({ status: 'auth_required' });
  const writes = vi.spyOn(w.store, 'update');
  await w.clock.advance(600_000);
  expect(w.connection.count('tasks/get')).toBe(1);
  expect(writes).not.toHaveBeenCalled();
});

test('a result that requires a sign-in is requested once per poll interval, however many callers wait', async () => {
  const clock = createFakeClock();
  const core = { taskId: 't1', status: 'working', ttl: null, pollInterval: 1_000 };
  const connection = createScriptedConnection(
    { revision: '2025-11-25', capabilities: { tasks: { requests: { tools: { call: {} } } } } },
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      if (method === 'tools/call') return { task: core };
      return method === 'tasks/result' ? refused() : { ...core, status: 'completed' };
    },
  );
  const client = createTaskClient({ connection, store: createMemoryStore(), clock, owner: 'me:1:a' });
  const call = await acceptedCall(client, { name: 'deploy' });
  const statuses: string[] = [];
  const wait = async (): Promise<void> => {
    while (call.kind === 'task' && statuses.length < 1_000) statuses.push((await call.task.outcome()).status);
  };
  void wait();
  await clock.advance(10_000);
  expect(new Set(statuses)).toEqual(new Set(['auth_required']));
  expect(connection.count('tasks/result')).toBe(statuses.length);
  expect(statuses.length).toBeLessThan(11);
});
