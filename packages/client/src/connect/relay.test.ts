import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TaskError } from '../errors.ts';
import { createScriptedConnection, fail, type ScriptedConnection } from '../testing/scripted-connection.ts';
import { type Connection, ConnectionFailure, type Failure } from './connection.ts';
import { createRelay } from './relay.ts';
import type { RelayOptions } from './relay-api.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Opened extends ScriptedConnection {
  die(message?: string): void;
  readonly isClosed: () => boolean;
}

/** A server, and a relay that opens connections to it. */
function setUp(options: Partial<RelayOptions> = {}, revisions: readonly string[] = ['2026-07-28']) {
  const opened: Opened[] = [];
  const lasts: unknown[] = [];
  let openError: Error | undefined;
  const relay = createRelay({
    async open(last) {
      lasts.push(last?.sessionId);
      if (openError !== undefined) throw openError;
      const nth = opened.length;
      const revision = revisions[Math.min(nth, revisions.length - 1)] ?? '2026-07-28';
      const scripted = createScriptedConnection({ revision }, ({ method }) => ({ method, nth }));
      const closed = new Set<(failure: Failure) => void>();
      let isClosed = false;
      const connection: Opened = {
        ...scripted,
        onClosed(listener) {
          closed.add(listener);
          return () => closed.delete(listener);
        },
        async close() {
          isClosed = true;
        },
        die(message = 'it died') {
          for (const listener of closed) listener({ kind: 'transport', message });
        },
        isClosed: () => isClosed,
      };
      opened.push(connection);
      return connection;
    },
    ...options,
  });
  return {
    relay,
    opened,
    lasts,
    break: (error?: Error) => {
      openError = error;
    },
    ask: () => relay.request('tasks/get', { taskId: 't' }),
  };
}

const failureOf = (request: Promise<unknown>): Promise<Failure | undefined> =>
  request.then(
    () => undefined,
    (error: ConnectionFailure) => error.failure,
  );

test('a relay opens with its first request, one connection for all', async () => {
  const { opened, ask } = setUp();
  expect(opened).toHaveLength(0);
  expect(await Promise.all([ask(), ask()])).toEqual([
    { method: 'tasks/get', nth: 0 },
    { method: 'tasks/get', nth: 0 },
  ]);
  expect(opened).toHaveLength(1);
});

test('after a connection ends, the next request opens another; handlers and listeners stay', async () => {
  const { relay, opened, ask } = setUp();
  const received: string[] = [];
  relay.onNotification((method) => received.push(method));
  relay.onRequest(async ({ method }) => ({ answered: method }));
  await ask();
  opened[0]?.die();
  expect(opened).toHaveLength(1);
  expect(await ask()).toEqual({ method: 'tasks/get', nth: 1 });
  opened[1]?.notify('notifications/tasks', {});
  expect(received).toEqual(['notifications/tasks']);
  expect(await opened[1]?.ask('elicitation/create', {})).toEqual({ answered: 'elicitation/create' });
  expect(relay.ended).toBeUndefined();
});

test.each(['before', 'after'])('a listener that is removed %s a reopen gets nothing more', async (when) => {
  const { relay, opened, ask } = setUp();
  const received: string[] = [];
  const removeListener = relay.onNotification((method) => received.push(method));
  const removeHandler = relay.onRequest(async () => ({}));
  const remove = (): void => {
    removeListener();
    removeHandler();
  };
  await ask();
  if (when === 'before') remove();
  opened[0]?.die();
  await ask();
  if (when === 'after') remove();
  opened[1]?.notify('notifications/tasks', {});
  expect(received).toEqual([]);
  await expect(opened[1]?.ask('elicitation/create', {})).rejects.toThrow('No listener for questions');
});

test('a server that dies after each start is restarted with a growing back-off; 30 s of uptime reset it', async () => {
  const { opened, ask } = setUp();
  const starts: number[] = [];
  for (let second = 0; second < 40; second += 1) {
    const before = opened.length;
    await ask().catch(() => undefined);
    if (opened.length > before) {
      starts.push(second);
      opened.at(-1)?.die();
    }
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(starts).toEqual([0, 1, 2, 4, 8, 16, 32]);
  await vi.advanceTimersByTimeAsync(60_000);
  await ask();
  await vi.advanceTimersByTimeAsync(30_000);
  opened.at(-1)?.die();
  const before = opened.length;
  await ask();
  expect(opened).toHaveLength(before + 1);
});

test('a connection that cannot be opened is retried by a later request, after a back-off', async () => {
  const server = setUp();
  server.break(new TaskError('unreachable', 'connection refused'));
  expect(await failureOf(server.ask())).toEqual({ kind: 'transport', message: 'connection refused' });
  expect(await failureOf(server.ask())).toEqual({ kind: 'transport', message: 'connection refused' });
  expect(server.lasts).toHaveLength(1);
  server.break();
  await vi.advanceTimersByTimeAsync(300);
  expect(await server.ask()).toEqual({ method: 'tasks/get', nth: 0 });
});

test('an opener that throws synchronously is retried, too', async () => {
  let calls = 0;
  const relay = createRelay({
    open() {
      calls += 1;
      throw new TaskError('auth-required', 'it wants a token');
    },
  });
  expect(await failureOf(relay.ready())).toEqual({ kind: 'auth', message: 'it wants a token' });
  await vi.advanceTimersByTimeAsync(300);
  await expect(relay.ready()).rejects.toThrow('it wants a token');
  expect(calls).toBe(2);
});

test('a server that speaks another revision after a reopen is refused', async () => {
  const { relay, opened, ask } = setUp({}, ['2026-07-28', '2025-11-25']);
  await ask();
  opened[0]?.die();
  expect(await failureOf(ask())).toEqual({
    kind: 'invalid',
    message: 'it now speaks 2025-11-25, no longer 2026-07-28',
  });
  expect(opened[1]?.isClosed()).toBe(true);
  expect(relay.negotiated.revision).toBe('2026-07-28');
});

test('a relay with maxReopens 1 ends when its connection dies twice, and reports the end once', async () => {
  const reopened: string[] = [];
  const { relay, opened, ask } = setUp({ maxReopens: 1, onReopen: ({ message }) => reopened.push(message) });
  const ends: Failure[] = [];
  relay.onClosed((failure) => ends.push(failure));
  await ask();
  opened[0]?.die('killed');
  await ask();
  expect(reopened).toEqual(['killed']);
  expect(ends).toEqual([]);
  opened[1]?.die('killed again');
  expect(ends).toEqual([{ kind: 'transport', message: 'killed again' }]);
  expect(await failureOf(ask())).toEqual({ kind: 'transport', message: 'killed again' });
  expect(opened).toHaveLength(2);
});

test('closing a relay ends an open or opening connection and prevents a reopen', async () => {
  const { relay, opened, ask } = setUp();
  const asked = failureOf(ask());
  await relay.close();
  expect(await asked).toMatchObject({ kind: 'aborted' });
  expect(opened.map(({ isClosed }) => isClosed())).toEqual([true]);
  expect(await failureOf(ask())).toMatchObject({ kind: 'aborted' });
  expect(relay.ended).toMatchObject({ kind: 'aborted' });
});

test('a relay has a given identity at once, else that of the server once it is connected', async () => {
  const identity = { fingerprint: 'f', label: 'ours', target: { kind: 'host', name: 'ours' } } as const;
  expect(setUp({ identity }).relay.identity).toBe(identity);
  const { relay, ask } = setUp();
  expect(() => relay.identity).toThrow(TaskError);
  await ask();
  expect(relay.identity.label).toBe('scripted');
});

test('the tasks of a session that the server forgot are lost; the next call begins another session', async () => {
  const sessions: unknown[] = [];
  let sessionId = 'first';
  const relay = createRelay({
    async open(last): Promise<Connection> {
      sessions.push([last?.sessionId, sessionId]);
      const own = sessionId;
      const scripted = createScriptedConnection({ revision: '2025-11-25' }, ({ method }) => {
        if (own !== sessionId) return fail({ kind: 'session-gone', message: 'the server no longer has the session' });
        return method === 'tools/call' ? { task: { taskId: `${own}-task` } } : { own };
      });
      return { ...scripted, negotiated: { ...scripted.negotiated, sessionId: own } };
    },
  });
  await relay.request('tools/call', { name: 'deploy' });
  await relay.request('tasks/get', { taskId: 'first-other' });
  sessionId = 'second';
  const lost = { kind: 'session-gone' };
  expect(await failureOf(relay.request('tasks/get', { taskId: 'first-task' }))).toMatchObject(lost);
  expect(await relay.request('tools/call', { name: 'deploy' })).toEqual({ task: { taskId: 'second-task' } });
  expect(await failureOf(relay.request('tasks/get', { taskId: 'first-other' }))).toMatchObject(lost);
  expect(await relay.request('tasks/get', { taskId: 'second-task' })).toEqual({ own: 'second' });
  expect(sessions).toEqual([
    [undefined, 'first'],
    [undefined, 'second'],
  ]);
});

test('a reopened connection resumes the session', async () => {
  const server = setUp({}, ['2025-11-25']);
  await server.ask();
  Object.assign(server.opened[0]?.negotiated ?? {}, { sessionId: 's1' });
  server.opened[0]?.die();
  await server.ask();
  expect(server.lasts).toEqual([undefined, 's1']);
});

test('a subscription fails for a server without push', async () => {
  const { relay } = setUp();
  const failure = await failureOf(relay.subscribe?.(['t'], new AbortController().signal) ?? Promise.resolve());
  expect(failure).toMatchObject({ kind: 'rpc', code: null });
  expect(new ConnectionFailure(failure as Failure).message).toContain('change');
});
