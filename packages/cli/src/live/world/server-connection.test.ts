import { type Connection, type Failure, type FollowedTask, type TaskClient, TaskError } from '@mcp-tasks/client';
import { createScriptedConnection } from '@mcp-tasks/client/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clockOf } from '../clock-of.ts';
import { task } from '../state/play.ts';
import { createDeferred } from './deferred.ts';
import { createServerLine } from './server-connection.ts';
import type { ServerLineOptions } from './server-connection-api.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const deaf = {
  clock: clockOf({ now: () => Date.now() }),
  onState: () => undefined,
  onOthers: () => undefined,
  onNotice: () => undefined,
  signedInAt: () => undefined,
  onLost: () => undefined,
};

/** A server that dies so many ms after each start. */
function dyingAfter(lifeMs: number) {
  const starts: number[] = [];
  const scripted = createScriptedConnection({ revision: '2026-07-28' }, () => ({}));
  const line = createServerLine({
    identity: scripted.identity,
    async open(): Promise<TaskClient> {
      starts.push(Date.now());
      const onClosed: Connection['onClosed'] = (listener) => {
        setTimeout(() => listener({ kind: 'transport', message: 'it died' }), lifeMs);
        return () => undefined;
      };
      const connection = { ...scripted, onClosed };
      const idle = { listTools: async () => [], listUnrecorded: async () => [], close: async () => undefined };
      return { connection, ...idle } as unknown as TaskClient;
    },
    openSession: () => Promise.reject(new Error('no task of it lives in a session')),
    ...deaf,
  });
  line.start();
  return { line, gaps: () => starts.slice(1).map((at, index) => at - (starts[index] ?? 0) - lifeMs) };
}

test('a server that dies of each start is started ever more rarely', async () => {
  const { line, gaps } = dyingAfter(100);
  await vi.advanceTimersByTimeAsync(60_000);
  await line.close();
  expect(gaps()).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
});

test('a server that was well for a while is started again soon', async () => {
  const { line, gaps } = dyingAfter(40_000);
  await vi.advanceTimersByTimeAsync(130_000);
  await line.close();
  expect(gaps()).toEqual([1_000, 1_000, 1_000]);
});

test.each([
  ['deleted', new TaskError('not-found', 'No task a1 on record'), []],
  ['not to be read', new TaskError('store-unwritable', 'The disk is full'), ['The disk is full']],
])('a record that is %s by the time the server is there takes nothing down', async (_, trouble, said) => {
  const notices: string[] = [];
  const scripted = createScriptedConnection({ revision: '2026-07-28' }, () => ({}));
  const resume = vi.fn(() => Promise.reject(trouble));
  const idle = { listTools: async () => [], listUnrecorded: async () => [], close: async () => undefined };
  const line = createServerLine({
    identity: scripted.identity,
    open: async () => ({ connection: scripted, ...idle, get: () => ({ follow: resume }) }) as unknown as TaskClient,
    openSession: () => Promise.reject(new Error('no task of it lives in a session')),
    ...deaf,
    onNotice: (message) => notices.push(message),
  });
  line.follow(task('a1'));
  await vi.advanceTimersByTimeAsync(100);
  expect(resume).toHaveBeenCalledOnce();
  expect(notices).toEqual(said);
  await line.close();
});

test('a sign-in is heard of, also one that comes while an attempt without it is still under way', async () => {
  let signedIn = 0;
  const attempts: number[] = [];
  const states: string[] = [];
  const scripted = createScriptedConnection({ revision: '2026-07-28' }, () => ({}));
  const idle = { listTools: async () => [], listUnrecorded: async () => [], close: async () => undefined };
  const line = createServerLine({
    identity: scripted.identity,
    async open() {
      attempts.push(signedIn);
      const began = signedIn;
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (began < 2) throw new TaskError('auth-required', 'It wants authentication');
      return { connection: scripted, ...idle } as unknown as TaskClient;
    },
    openSession: () => Promise.reject(new Error('no task of it lives in a session')),
    ...deaf,
    onState: ({ state }) => states.push(state),
    signedInAt: () => signedIn,
  });
  line.start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(attempts).toEqual([0]);
  // A client is registered first, and the tokens come while that is already tried.
  signedIn = 1;
  await vi.advanceTimersByTimeAsync(150);
  signedIn = 2;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(attempts).toEqual([0, 1, 2]);
  // The last is told twice: once it is there, and once it has told its tools.
  expect(states).toEqual(['connecting', 'auth_required', 'connecting', 'auth_required', 'connected', 'connected']);
  await line.close();
});

/** A server whose n-th start is this client. */
function line(of: (start: number) => Partial<TaskClient>, options: Partial<ServerLineOptions> = {}) {
  const scripted = createScriptedConnection({ revision: '2026-07-28' }, () => ({}));
  const deaths: ((failure: Failure) => void)[] = [];
  const onClosed: Connection['onClosed'] = (listener) => {
    deaths.push(listener);
    return () => undefined;
  };
  const idle = { listTools: async () => [], listUnrecorded: async () => [], close: async () => undefined };
  let starts = 0;
  const made = createServerLine({
    identity: scripted.identity,
    open: async () => ({ connection: { ...scripted, onClosed }, ...idle, ...of(++starts) }) as unknown as TaskClient,
    openSession: () => Promise.reject(new Error('no task of it lives in a session')),
    ...deaf,
    ...options,
  });
  return { line: made, die: () => deaths.at(-1)?.({ kind: 'transport', message: 'it died' }) };
}

const tool = (name: string, taskSupport: 'optional' | 'forbidden') => ({ name, inputSchema: {}, taskSupport });

test('a server tells which of its tools can be tasks once it is connected', async () => {
  const { line: told } = line(() => ({
    listTools: async () => [tool('ping', 'forbidden'), tool('release', 'optional')],
  }));
  told.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(told.state).toMatchObject({ state: 'connected', taskTools: ['release'], toolsAlike: false });
  await told.close();
});

test('who wants something of a server that has died gets it of the next start, without waiting for its turn', async () => {
  const { line: dying, die } = line((start) => ({ listTools: async () => [tool(`start-${start}`, 'optional')] }));
  dying.start();
  await vi.advanceTimersByTimeAsync(10);
  die();
  expect(dying.state).toMatchObject({ state: 'unreachable', detail: 'it died' });
  expect(await dying.tools()).toMatchObject([{ name: 'start-2' }]);
  await dying.close();
});

test('why a server cannot be reached is what is said to whoever wants something of it', async () => {
  const refused = new TaskError('unreachable', 'nobody listens there');
  const { line: away } = line(() => ({}), { open: () => Promise.reject(refused) });
  await expect(away.tools()).rejects.toBe(refused);
  expect(away.failure).toBe(refused);
  await away.close();
});

test('a list of tasks that fails says nothing of them, and is asked for again', async () => {
  const told: unknown[] = [];
  const lists = [Promise.reject(new Error('not now')), Promise.resolve([task('theirs')])];
  const listUnrecorded = vi.fn(() => lists.shift() ?? Promise.resolve([]));
  const { line: listing } = line(() => ({ listUnrecorded }), { onOthers: (others) => told.push(others) });
  listing.start();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual([[task('theirs')]]);
  await listing.close();
});

test('a list of tasks that comes after all is closed is told to nobody, and asks for no other', async () => {
  const told: unknown[] = [];
  const listed = createDeferred<[]>();
  const { line: closing } = line(() => ({ listUnrecorded: () => listed.promise }), {
    onOthers: (others) => told.push(others),
  });
  closing.start();
  await vi.advanceTimersByTimeAsync(10);
  await closing.close();
  listed.resolve([]);
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a task that nobody wants any more by the time it is taken up is left alone', async () => {
  const resumed = createDeferred<FollowedTask>();
  const detach = vi.fn();
  const { line: late } = line(() => ({
    get: (id) => ({ id, follow: () => resumed.promise }) as unknown as FollowedTask,
  }));
  late.follow(task('a1'));
  await vi.advanceTimersByTimeAsync(10);
  late.unfollow('a1');
  resumed.resolve({ id: 'a1', outcome: () => new Promise(() => undefined), detach } as unknown as FollowedTask);
  await vi.advanceTimersByTimeAsync(10);
  expect(detach).toHaveBeenCalledOnce();
  await late.close();
});
