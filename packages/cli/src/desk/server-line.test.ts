import { type Connection, type TaskClient, TaskError } from '@mcp-tasks/client';
import { createScriptedConnection } from '@mcp-tasks/client/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { task } from '../tui/state/play.ts';
import { createServerLine } from './server-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const deaf = {
  onState: () => undefined,
  onOthers: () => undefined,
  onNotice: () => undefined,
  signedInAt: () => undefined,
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
    open: async () => ({ connection: scripted, ...idle, resume }) as unknown as TaskClient,
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
  await vi.advanceTimersByTimeAsync(550);
  signedIn = 2;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(attempts).toEqual([0, 1, 2]);
  expect(states.at(-1)).toBe('connected');
  await line.close();
});
