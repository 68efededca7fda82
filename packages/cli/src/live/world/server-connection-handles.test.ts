import type { CallAnswer, Connection, Failure, FollowedTask, TaskClient } from '@mcp-tasks/client';
import { createScriptedConnection } from '@mcp-tasks/client/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clockOf } from '../clock-of.ts';
import { task } from '../state/play.ts';
import { createDeferred } from './deferred.ts';
import { createServerLine } from './server-connection.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const idle = { listTools: async () => [], listUnrecorded: async () => [], close: async () => undefined };
const never = new Promise<never>(() => undefined);

function handleOf(id: string, outcome: FollowedTask['outcome'] = () => never) {
  const detach = vi.fn();
  return { handle: { id, outcome, detach } as unknown as FollowedTask, detach };
}

function following(follow: () => Promise<FollowedTask>): TaskClient['get'] {
  return (id) => ({ id, follow }) as unknown as FollowedTask;
}

/** A server whose n-th start is this client. */
function world(of: (start: number) => Partial<TaskClient>, session: Partial<TaskClient> = {}) {
  const scripted = createScriptedConnection({ revision: '2026-07-28' }, () => ({}));
  const deaths: ((failure: Failure) => void)[] = [];
  const notices: string[] = [];
  const states: string[] = [];
  const onClosed: Connection['onClosed'] = (listener) => {
    deaths.push(listener);
    return () => undefined;
  };
  let starts = 0;
  const line = createServerLine({
    identity: scripted.identity,
    clock: clockOf({ now: () => Date.now() }),
    open: async () => ({ connection: { ...scripted, onClosed }, ...idle, ...of(++starts) }) as unknown as TaskClient,
    openSession: async () => ({ ...idle, ...session }) as unknown as TaskClient,
    onState: ({ state }) => states.push(state),
    onOthers: () => undefined,
    onNotice: (text) => notices.push(text),
    signedInAt: () => undefined,
    onLost: () => undefined,
  });
  return { line, notices, states, die: () => deaths.at(-1)?.({ kind: 'transport', message: 'it died' }) };
}

test.each([
  ['before', 0],
  ['after', 100],
])('a task that is called here and taken up %s its call is answered is left when nobody follows it', async (_, ms) => {
  const [called, resumed] = [handleOf('a1'), handleOf('a1')];
  const answer = createDeferred<CallAnswer>();
  const { line } = world(() => ({
    start: async () => ({ ...called.handle, accepted: () => answer.promise }),
    get: following(async () => resumed.handle),
  }));
  await line.call('deploy', {});
  setTimeout(() => answer.resolve({ kind: 'task' }), 50);
  await vi.advanceTimersByTimeAsync(ms);
  line.follow(task('a1'));
  await vi.advanceTimersByTimeAsync(200);
  line.unfollow('a1');
  const out = [ms === 0 ? resumed : undefined, called].filter((each) => each !== undefined);
  for (const { detach } of out) expect(detach).toHaveBeenCalledOnce();
  await line.close();
});

test('a task of another session is left when the line breaks, and taken up again after it', async () => {
  const handles = [handleOf('a1'), handleOf('a1')];
  const resume = vi.fn(async () => handles[resume.mock.calls.length - 1]?.handle as FollowedTask);
  const { line, die } = world(() => ({}), { get: following(resume) });
  line.follow(task('a1', { sessionId: 'of-before' }));
  await vi.advanceTimersByTimeAsync(10);
  die();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(resume).toHaveBeenCalledTimes(2);
  expect(handles.map(({ detach }) => detach.mock.calls.length)).toEqual([1, 0]);
  await line.close();
});

test('a task that is taken up while the line breaks is taken up again after it, and nothing is said', async () => {
  const [late, next] = [handleOf('a1'), handleOf('a1')];
  const taking = createDeferred<FollowedTask>();
  const again = vi.fn(async () => next.handle);
  const { line, die, notices } = world((start) => ({ get: following(start === 1 ? () => taking.promise : again) }));
  line.follow(task('a1'));
  await vi.advanceTimersByTimeAsync(10);
  die();
  taking.resolve(late.handle);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(late.detach).toHaveBeenCalledOnce();
  expect(again).toHaveBeenCalledOnce();
  expect(await line.handle(task('a1'))).toBe(next.handle);
  expect(notices).toEqual([]);
  await line.close();
});

test('a sign-in that is wanted after the server was out of reach for a while is noticed', async () => {
  const outcomes = [{ status: 'unreachable' }, { status: 'unreachable' }, { status: 'auth_required' }] as const;
  const outcome = vi.fn(async () => outcomes[outcome.mock.calls.length - 1] ?? never);
  const { handle } = handleOf('a1', outcome);
  const { line, states } = world(() => ({ get: following(async () => handle) }));
  line.follow(task('a1'));
  await vi.advanceTimersByTimeAsync(10);
  expect(states).toContain('auth_required');
  await line.close();
});
