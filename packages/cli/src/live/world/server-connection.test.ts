import { type JsonObject, TaskError } from '@mcp-tasks/client';
import { fail } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { createDeferred } from './deferred.ts';
import { type PlayedServer, playServer, until } from './play-server.ts';

const tools =
  (...names: readonly string[]): NonNullable<PlayedServer['answer']> =>
  (method) =>
    method === 'tools/list' ? { tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })) } : {};

/** Connects to a server that exits this long after each start; returns the gaps between starts. */
async function gapsOf(lifeMs: number, forMs: number) {
  const world = playServer();
  world.connection.start();
  for (let at = 0; at < forMs; at += lifeMs) {
    await until(() => world.connection.state.state === 'connected', world);
    await world.clock.advance(lifeMs);
    world.die();
    while (world.connection.state.state !== 'connected' && world.clock.now() - world.start < forMs) {
      await world.clock.advance(500);
      await world.settle();
    }
    at = world.clock.now() - world.start;
  }
  await world.connection.close();
  const attempts = world.attempts();
  return attempts.slice(1).map((at, nth) => at - (attempts[nth] ?? 0) - lifeMs);
}

test('a server that exits after each start is restarted with back-off', async () => {
  expect((await gapsOf(100, 40_000)).slice(0, 6)).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 16_000]);
});

test('a server that was up for 30 s is restarted soon', async () => {
  expect(await gapsOf(40_000, 130_000)).toEqual([1_000, 1_000, 1_000]);
});

test('a program that fails to start is retried with back-off, and shown as connecting once', async () => {
  const world = playServer({
    connect: () => Promise.reject(new TaskError('unreachable', 'no such module')),
  });
  world.connection.start();
  for (let second = 0; second < 20; second += 1) {
    await world.settle();
    await world.clock.advance(1_000);
  }
  expect(new Set(world.reported.states)).toEqual(new Set(['connecting', 'unreachable']));
  expect(world.reported.states.filter((state) => state === 'connecting')).toHaveLength(1);
  expect(world.connection.state.detail).toBe('no such module');
  await world.connection.close();
});

test('a server that is not found is retried only when a person asks', async () => {
  const missing = new TaskError('target-not-found', 'No server of this name');
  const world = playServer({ connect: () => Promise.reject(missing) });
  world.connection.start();
  await until(() => world.connection.state.state === 'unreachable', world);
  await world.clock.advance(120_000);
  await world.settle();
  expect(world.attempts()).toHaveLength(1);
  await expect(world.connection.tools()).rejects.toBe(missing);
  expect(world.attempts()).toHaveLength(2);
  await world.connection.close();
});

test('a sign-in starts a retry, even if it completes during a connection attempt', async () => {
  let signedIn = 0;
  const seen: number[] = [];
  const attempt = createDeferred<void>();
  const world = playServer({
    async connect(nth) {
      const began = signedIn;
      seen.push(began);
      if (nth === 2) await attempt.promise;
      if (began < 2) throw new TaskError('auth-required', 'It requires a sign-in');
    },
    signedInAt: () => signedIn,
  });
  world.connection.start();
  await until(() => world.connection.state.state === 'auth_required', world);
  await world.clock.advance(10_000);
  expect(seen).toEqual([0]);
  // The client is registered first; tokens arrive during the next attempt.
  signedIn = 1;
  await world.clock.advance(500);
  await until(() => seen.length === 2, world);
  signedIn = 2;
  attempt.resolve();
  await world.settle();
  await world.clock.advance(1_000);
  await until(() => world.connection.state.state === 'connected', world);
  expect(seen).toEqual([0, 1, 2]);
  await world.connection.close();
});

test('the tools that support tasks are reported once a server is connected', async () => {
  const world = playServer({
    revision: '2025-11-25',
    answer: (method) => {
      const tool = (name: string, taskSupport: string): JsonObject => ({
        name,
        inputSchema: { type: 'object' },
        execution: { taskSupport },
      });
      return method === 'tools/list' ? { tools: [tool('ping', 'forbidden'), tool('release', 'optional')] } : {};
    },
  });
  world.connection.start();
  await until(() => world.connection.state.taskTools !== undefined, world);
  expect(world.connection.state).toMatchObject({ state: 'connected', taskTools: ['release'], toolsAlike: false });
  await world.connection.close();
});

test('a request restarts an ended server at once, without the back-off', async () => {
  const world = playServer({ answer: (method, _params, nth) => tools(`start-${nth}`)(method, {}, nth) });
  for (const nth of [1, 2, 3]) {
    expect(await world.connection.tools()).toMatchObject([{ name: `start-${nth}` }]);
    world.die();
    expect(world.connection.state).toMatchObject({ state: 'unreachable', detail: 'it died' });
  }
  await world.connection.close();
});

test('a request to an unreachable server fails with the reason of its last attempt', async () => {
  const refused = new TaskError('unreachable', 'nobody listens there');
  const world = playServer({ connect: () => Promise.reject(refused) });
  await expect(world.connection.tools()).rejects.toBe(refused);
  expect(world.connection.failure).toBe(refused);
  await world.connection.close();
});

test('a failed task list changes nothing and is retried', async () => {
  let lists = 0;
  const at = '2026-11-28T12:00:00Z';
  const listed = { taskId: 'theirs', status: 'working', createdAt: at, lastUpdatedAt: at, ttl: null };
  const world = playServer({
    revision: '2025-11-25',
    answer(method) {
      if (method !== 'tasks/list') return { tools: [] };
      lists += 1;
      return lists === 1 ? fail({ kind: 'rpc', code: -32603, message: 'not now' }) : { tasks: [listed] };
    },
  });
  world.connection.start();
  await until(() => lists === 1, world);
  await world.settle();
  expect(world.reported.others).toEqual([]);
  await world.clock.advance(5_000);
  await until(() => world.reported.others.length > 0, world);
  expect(world.reported.others).toMatchObject([[{ taskId: 'theirs' }]]);
  await world.connection.close();
});

test('a task list that arrives after close is dropped, and no further list is requested', async () => {
  const list = createDeferred<JsonObject>();
  const world = playServer({
    revision: '2025-11-25',
    answer: (method) => (method === 'tasks/list' ? list.promise : { tools: [] }),
  });
  world.connection.start();
  await until(() => world.count('tasks/list') === 1, world);
  await world.connection.close();
  list.resolve({ tasks: [] });
  await world.settle();
  expect(world.reported.others).toEqual([]);
  expect(world.clock.pending).toBe(0);
});

test('concurrent requests open one connection, and a closed connection stays closed', async () => {
  const world = playServer({ answer: tools('release') });
  await Promise.all([world.connection.tools(), world.connection.tools()]);
  world.connection.start();
  expect(world.attempts()).toHaveLength(1);
  await world.connection.close();
  await expect(world.connection.tools()).rejects.toMatchObject({ code: 'closed' });
  expect(world.attempts()).toHaveLength(1);
});

test('a server that returns under another revision is reconnected, and new calls use that revision', async () => {
  const world = playServer({
    revision: (nth) => (nth === 1 ? '2025-11-25' : '2026-07-28'),
    answer: (method, params, nth) => tools(`start-${nth}`)(method, params, nth),
  });
  world.connection.start();
  await until(() => world.connection.state.state === 'connected', world);
  world.die();
  await world.clock.advance(1_000);
  await until(() => world.connection.state.state === 'connected', world);
  expect(world.connection.state.detail).toBeUndefined();
  const id = await world.connection.call('start-2', {});
  expect(await world.store.read(id)).toMatchObject({ revision: '2026-07-28' });
  expect(world.reported.notices).toEqual([]);
  await world.connection.close();
  expect(world.clock.pending).toBe(0);
});

test('a request to a server that returned under another revision succeeds at once', async () => {
  const world = playServer({
    revision: (nth) => (nth === 1 ? '2025-11-25' : '2026-07-28'),
    answer: (method, params, nth) => tools(`start-${nth}`)(method, params, nth),
  });
  expect(await world.connection.tools()).toMatchObject([{ name: 'start-1' }]);
  world.die();
  expect(await world.connection.tools()).toMatchObject([{ name: 'start-2' }]);
  await world.connection.close();
});
