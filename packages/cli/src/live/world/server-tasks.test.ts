import { createTaskClient, type JsonObject, TaskError } from '@mcp-tasks/client';
import { createScriptedConnection, fail } from '@mcp-tasks/client/testing';
import { expect, test, vi } from 'vitest';
import { createDeferred } from './deferred.ts';
import { CAPABILITIES, playServer, until, WORKING } from './play-server.ts';
import { createServerConnection } from './server-connection.ts';

const works = (method: string): JsonObject => (method === 'tools/list' ? { tools: [] } : WORKING);

test.each([
  ['was deleted', new TaskError('not-found', 'No task a1 on record'), []],
  ['cannot be read', new TaskError('store-unwritable', 'The disk is full'), ['The disk is full']],
])('a record that %s before the connect does not break the connection', async (_, trouble, notices) => {
  const world = playServer({ answer: works });
  const record = await world.record();
  const read = vi.spyOn(world.store, 'find').mockRejectedValue(trouble);
  world.connection.follow(record);
  await until(() => read.mock.calls.length > 0, world);
  await world.settle();
  expect(world.reported.notices).toEqual(notices);
  expect(world.connection.state.state).toBe('connected');
  await world.connection.close();
});

test('a task unfollowed before its resume is not polled', async () => {
  const world = playServer({ answer: works });
  const record = await world.record();
  const readAllowed = createDeferred<void>();
  const find = world.store.find.bind(world.store);
  const read = vi.spyOn(world.store, 'find').mockImplementation(async (prefix) => {
    await readAllowed.promise;
    return find(prefix);
  });
  world.connection.follow(record);
  await until(() => read.mock.calls.length > 0, world);
  world.connection.unfollow('a1');
  readAllowed.resolve();
  await world.settle();
  await until(async () => (await world.store.ownerOf('a1')) === undefined, world);
  const polls = world.count('tasks/get');
  await world.clock.advance(10_000);
  expect(world.count('tasks/get')).toBe(polls);
  await world.connection.close();
});

test.each(['before', 'after'])('a call followed %s its reply releases its lease on unfollow', async (when) => {
  const answer = createDeferred<JsonObject>();
  const world = playServer({ answer: (method) => (method === 'tools/call' ? answer.promise : works(method)) });
  const id = await world.connection.call('deploy', {});
  const reply = (): void => answer.resolve({ ...WORKING, resultType: 'task' });
  if (when === 'after') reply();
  await world.settle();
  const record = await world.store.read(id);
  if (record !== undefined) world.connection.follow(record);
  await world.settle();
  if (when === 'before') reply();
  await until(async () => (await world.store.read(id))?.taskId === 't1', world);
  await world.settle();
  expect(await world.store.ownerOf(id)).toBeDefined();
  world.connection.unfollow(id);
  await until(async () => (await world.store.ownerOf(id)) === undefined, world);
  await world.connection.close();
});

test('after a reconnect, the same handle follows the task, and no notice is shown', async () => {
  const world = playServer({ answer: works });
  const record = await world.record();
  world.connection.follow(record);
  await until(() => world.count('tasks/get', 1) > 0, world);
  const handle = await world.connection.handle(record);
  world.die();
  await world.clock.advance(5_000);
  await until(() => world.count('tasks/get', 2) > 0, world);
  expect(await world.connection.handle(record)).toBe(handle);
  expect(await world.store.ownerOf('a1')).toBeDefined();
  expect(world.reported.notices).toEqual([]);
  await world.connection.close();
});

test('a task of another session is followed by one client of that session, even after the main connection ends', async () => {
  const world = playServer({ answer: works });
  const record = await world.record({ sessionId: 'of-before' });
  let asked = 0;
  const { store, clock } = world;
  const scripted = createScriptedConnection({ revision: '2026-07-28', capabilities: CAPABILITIES }, ({ method }) => {
    if (method === 'tasks/get') asked += 1;
    return works(method);
  });
  const openSession = vi.fn(async () => createTaskClient({ connection: scripted, store, clock }));
  const connection = createServerConnection({ ...world.options, openSession });
  connection.follow(record);
  await until(() => asked > 0, world);
  world.die();
  await world.clock.advance(5_000);
  await until(() => connection.state.state === 'connected', world);
  const polls = asked;
  await world.clock.advance(5_000);
  await until(() => asked > polls, world);
  expect(openSession).toHaveBeenCalledOnce();
  await connection.close();
});

test('a sign-in required after an outage is reported, and the task resumes after the sign-in', async () => {
  let signedIn = 0;
  let polls = 0;
  const world = playServer({
    signedInAt: () => signedIn,
    answer(method, _params, nth) {
      if (method !== 'tasks/get' || nth > 1) return works(method);
      polls += 1;
      if (polls > 6) return fail({ kind: 'auth', message: '401' });
      return polls === 1 ? WORKING : fail({ kind: 'transport', message: 'ECONNRESET' });
    },
  });
  world.connection.follow(await world.record());
  for (let second = 0; second < 60 && world.connection.state.state !== 'auth_required'; second += 1) {
    await world.clock.advance(1_000);
    await world.settle();
  }
  expect(world.connection.state).toMatchObject({ state: 'auth_required' });
  expect(world.connection.state.detail).toContain('Sign in again, at a terminal');
  const asked = polls;
  await world.clock.advance(30_000);
  expect(polls).toBe(asked);
  signedIn = 1;
  await world.clock.advance(500);
  await until(() => world.connection.state.state === 'connected', world);
  await world.clock.advance(5_000);
  await until(() => world.count('tasks/get', 2) > 0, world);
  await world.connection.close();
});

test('the lease of a task is released while its server is unreachable, and claimed again on reconnect', async () => {
  let isAway = false;
  const world = playServer({
    answer: works,
    connect() {
      if (isAway) throw new TaskError('unreachable', 'nobody listens');
    },
  });
  world.connection.follow(await world.record());
  await until(() => world.count('tasks/get', 1) > 0, world);
  isAway = true;
  world.die();
  await world.clock.advance(1_500);
  await until(async () => (await world.store.ownerOf('a1')) === undefined, world);
  expect(await world.store.read('a1')).toMatchObject({ contact: { kind: 'silent' }, trouble: 'nobody listens' });
  isAway = false;
  for (let second = 0; second < 10; second += 1) {
    await world.clock.advance(1_000);
    await world.settle();
  }
  await until(() => world.count('tasks/get', 2) > 0, world);
  expect(await world.store.ownerOf('a1')).toBeDefined();
  expect((await world.store.read('a1'))?.contact).toBeUndefined();
  await world.connection.close();
});

test('after a revision change, one notice names the old revision of the task, and its record stays', async () => {
  const world = playServer({ answer: works, revision: (nth) => (nth === 1 ? '2025-11-25' : '2026-07-28') });
  const record = await world.record();
  world.connection.follow(record);
  await until(() => world.count('tasks/get', 1) > 0, world);
  world.die();
  await world.clock.advance(5_000);
  await until(() => world.reported.notices.length > 0, world);
  await world.clock.advance(60_000);
  expect(world.reported.notices).toEqual([
    expect.stringMatching(/^Task a1 was made under 2025-11-25; .* now speaks 2026-07-28$/),
  ]);
  expect(world.connection.state.state).toBe('connected');
  expect(await world.store.read('a1')).toMatchObject({ phase: 'open', revision: '2025-11-25' });
  expect(world.count('tasks/get', 2)).toBe(0);
  await world.connection.close();
});

test('a task resumes when its server returns to the original revision', async () => {
  const world = playServer({ answer: works, revision: (nth) => (nth === 2 ? '2026-07-28' : '2025-11-25') });
  world.connection.follow(await world.record());
  await until(() => world.count('tasks/get', 1) > 0, world);
  for (const wanted of [3, 5]) {
    world.die();
    await world.clock.advance(5_000);
    await until(() => world.attempts().length >= wanted && world.connection.state.state === 'connected', world);
  }
  await world.clock.advance(5_000);
  await until(() => world.count('tasks/get', 3) > 0, world);
  await world.connection.close();
});
