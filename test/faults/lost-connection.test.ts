import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import type { Connection, Failure } from '../../packages/client/src/connect/connection.ts';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, createScriptedConnection, fail } from '../../packages/client/src/testing/index.ts';
import '../../packages/client/src/connect/relay.ts'; // preloaded: a fake clock does not wait for imports
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, createWorld, EXTENSION, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const HOUR = { ...WORKING, pollIntervalMs: 3_600_000 };
type Trouble = 'none' | 'cannot be opened' | 'is silent' | 'wants a sign-in';
const FAILURES: Readonly<Partial<Record<Trouble, Failure>>> = {
  'is silent': { kind: 'transport', message: 'ECONNREFUSED' },
  'wants a sign-in': { kind: 'auth', message: '401' },
};

/** Two processes on one store: the first keeps reconnecting, the second has a working connection. */
function twoConnections(snapshot: typeof WORKING) {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const deaths: ((failure: Failure) => void)[] = [];
  const sent: string[] = [];
  let trouble: Trouble = 'none';
  let isAnswered = false;
  const reply = (by: string, method: string) => {
    sent.push(`${by} ${method}`);
    if (method === 'tools/call') return { ...CREATED, ...snapshot };
    if (method === 'tasks/update') isAnswered = true;
    if (method !== 'tasks/get') return {};
    if (isAnswered) return { ...snapshot, status: 'completed', result: RESULT };
    return { ...snapshot, status: 'input_required', inputRequests: { approve: QUESTION } };
  };
  const first = createTaskClient({
    store,
    clock,
    owner: 'host:1:first',
    async connect(): Promise<Connection> {
      if (trouble === 'cannot be opened') throw new TaskError('unreachable', 'nobody listens');
      const scripted = createScriptedConnection({ revision: '2026-07-28', capabilities: EXTENSION }, ({ method }) => {
        const failure = FAILURES[trouble];
        return failure === undefined ? reply('first', method) : fail(failure);
      });
      const onClosed: Connection['onClosed'] = (listener) => {
        deaths.push(listener);
        return () => undefined;
      };
      return { ...scripted, onClosed };
    },
  });
  const second = createWorld(({ method }) => reply('second', method), { store, clock, owner: 'host:2:second' });
  onTestFinished(async () => void (await Promise.all([first.close(), second.client.close()])));
  return {
    clock,
    store,
    first,
    second: second.client,
    sent,
    setTrouble(now: Trouble): void {
      trouble = now;
    },
    /** The connection of the first process ends. */
    loseConnection: () => deaths.at(-1)?.({ kind: 'transport', message: 'it died' }),
  };
}

async function call({ first, clock }: ReturnType<typeof twoConnections>) {
  const called = await acceptedCall(first, { name: 'deploy' });
  if (called.kind !== 'task') throw new Error('The server made no task');
  await clock.advance(1_500);
  return called.task;
}

test.each([
  ['the connection is lost', 'cannot be opened', HOUR],
  ['the connection is lost', 'cannot be opened', WORKING],
  ['polls fail', 'is silent', WORKING],
  ['the sign-in has ended', 'wants a sign-in', WORKING],
] as const)(
  `${verifies('O3', 'when %s in one process for good (%s), a process with a working connection takes over and answers')}`,
  async (_, trouble, snapshot) => {
    const world = twoConnections(snapshot);
    const { clock, store, second, sent } = world;
    const task = await call(world);
    // With hourly polls the question arrives only after an hour.
    const other = await second.get(task.id).follow();
    await clock.advance(snapshot === HOUR ? 3_600_000 : 0);
    expect(await store.ownerOf(task.id)).toBe('host:1:first');
    world.setTrouble(trouble);
    if (trouble === 'cannot be opened') world.loseConnection();
    await clock.advance(8_000);
    expect(await store.ownerOf(task.id)).toBe('host:2:second');
    const given = answerNow(other, 'approve', ACCEPT);
    await clock.advance(2_000);
    await given;
    expect(sent.filter((each) => each.includes('tasks/update'))).toEqual(['second tasks/update']);
    await clock.advance(snapshot.pollIntervalMs + 60_000);
    expect(await other.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
  },
);

test('a reconnect within a second keeps the lease', async () => {
  const world = twoConnections(HOUR);
  const { clock, store } = world;
  const task = await call(world);
  await world.second.get(task.id).follow();
  world.loseConnection();
  await clock.advance(10_000);
  expect(await store.ownerOf(task.id)).toBe('host:1:first');
  expect((await store.read(task.id))?.contact).toBeUndefined();
});

test('a lost connection marks the server as silent and releases the lease, and a reconnect claims it again', async () => {
  const world = twoConnections(WORKING);
  const { clock, store } = world;
  const task = await call(world);
  world.setTrouble('cannot be opened');
  world.loseConnection();
  await clock.advance(1_050);
  expect(await store.ownerOf(task.id)).toBeUndefined();
  expect(await store.read(task.id)).toMatchObject({ contact: { kind: 'silent' }, trouble: 'nobody listens' });
  world.setTrouble('none');
  await clock.advance(5_000);
  expect(await store.ownerOf(task.id)).toBe('host:1:first');
  expect((await store.read(task.id))?.contact).toBeUndefined();
});

test('an outcome is unreachable while the connection stays lost', async () => {
  const world = twoConnections(WORKING);
  const task = await call(world);
  world.setTrouble('cannot be opened');
  world.loseConnection();
  const outcome = task.outcome();
  await world.clock.advance(60_000);
  expect(await outcome).toMatchObject({ status: 'unreachable', error: { message: expect.stringContaining('nobody') } });
});
