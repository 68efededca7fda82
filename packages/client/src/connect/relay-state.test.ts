import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TaskError } from '../errors.ts';
import { createScriptedConnection } from '../testing/scripted-connection.ts';
import type { Connection, Failure } from './connection.ts';
import { createRelay } from './relay.ts';
import { enterState, type RelayState } from './relay-state.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A relay that records its states, and a server that a test can break or kill. */
function setUp(kind: 'host' | 'command' = 'host') {
  const states: RelayState[] = [];
  const deaths: ((failure: Failure) => void)[] = [];
  const closed: number[] = [];
  let openError: Error | undefined;
  const target = kind === 'host' ? ({ kind, name: 's' } as const) : ({ kind, command: 's', args: [] } as const);
  const relay = createRelay({
    identity: { fingerprint: 'f', label: 's', target },
    onState: (state) => states.push(state),
    async open(): Promise<Connection> {
      if (openError !== undefined) throw openError;
      const nth = deaths.length;
      const onClosed: Connection['onClosed'] = (listener) => {
        deaths.push(listener);
        return () => undefined;
      };
      const close = async (): Promise<void> => void closed.push(nth);
      return { ...createScriptedConnection({ revision: '2026-07-28' }, () => ({ nth })), onClosed, close };
    },
  });
  return {
    relay,
    closed,
    /** The states since the last call, with the rest of the back-off. */
    newStates: () => states.splice(0).map((state) => (state.kind === 'lost' ? `lost ${state.retryInMs}` : state.kind)),
    die: () => deaths.at(-1)?.({ kind: 'transport', message: 'it died' }),
    break: (error?: Error) => {
      openError = error;
    },
  };
}

const ask = ({ relay }: ReturnType<typeof setUp>) => relay.request('tasks/get', { taskId: 't' });

test('a relay reports its state, and its back-off', async () => {
  const world = setUp();
  expect(world.newStates()).toEqual([]);
  await ask(world);
  expect(world.newStates()).toEqual(['opening', 'open']);
  world.die();
  expect(world.newStates()).toEqual(['lost 0']);
  await ask(world);
  world.die();
  expect(world.newStates()).toEqual(['opening', 'open', 'lost 1000']);
  await expect(ask(world)).rejects.toThrow();
  expect(world.newStates()).toEqual([]);
  await world.relay.close();
  expect(world.newStates()).toEqual(['ended']);
});

test('a lost connection reports the error that the opener threw', async () => {
  const states: RelayState[] = [];
  const refusal = new TaskError('auth-required', 'it wants a token', { hint: 'Sign in.' });
  const relay = createRelay({ open: () => Promise.reject(refusal), onState: (state) => states.push(state) });
  await expect(relay.ready()).rejects.toThrow('it wants a token');
  expect(states.at(-1)).toMatchObject({ kind: 'lost', error: { failure: { kind: 'auth' }, cause: refusal } });
});

test('a reconnect opens at once, without the back-off', async () => {
  const world = setUp();
  world.break(new TaskError('unreachable', 'connection refused'));
  await expect(ask(world)).rejects.toThrow('connection refused');
  world.break();
  await expect(ask(world)).rejects.toThrow('connection refused');
  await world.relay.reconnect();
  expect(world.newStates()).toEqual(['opening', 'lost 250', 'opening', 'open']);
});

test('a reconnect replaces the open connection and notifies the listeners', async () => {
  const world = setUp();
  const onReopened = vi.fn();
  world.relay.onReopened?.(onReopened);
  await ask(world);
  expect(onReopened).not.toHaveBeenCalled();
  await world.relay.reconnect();
  expect(world.closed).toEqual([0]);
  expect(onReopened).toHaveBeenCalledOnce();
  expect(await ask(world)).toEqual({ nth: 1 });
});

test('a program that does not start is retried with a growing back-off', async () => {
  const world = setUp('command');
  world.break(new TaskError('unreachable', 'no such module'));
  for (let second = 0; second < 200; second += 1) {
    await ask(world).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  const pauses = world.newStates().filter((state) => state !== 'opening');
  expect(pauses.map((pause) => Number(pause.slice(5)))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
  ]);
});

test('a closed relay never reopens', () => {
  const ended = { kind: 'ended', failure: { kind: 'aborted', message: 'closed' } } as const;
  expect(() => enterState(ended, { kind: 'idle' })).toThrow('A relay cannot go from ended to idle');
});
