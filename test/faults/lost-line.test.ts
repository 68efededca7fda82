import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import type { Connection, Failure } from '../../packages/client/src/connect/connection.ts';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, createScriptedConnection, fail } from '../../packages/client/src/testing/index.ts';
import '../../packages/client/src/connect/relay.ts'; // what is loaded with the first connection takes no time here
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, createWorld, EXTENSION, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const HOUR = { ...WORKING, pollIntervalMs: 3_600_000 };
type Trouble = 'none' | 'cannot be opened' | 'is silent' | 'wants a sign-in';
const FAILURES: Readonly<Partial<Record<Trouble, Failure>>> = {
  'is silent': { kind: 'transport', message: 'ECONNREFUSED' },
  'wants a sign-in': { kind: 'auth', message: '401' },
};

/** Two processes on one store: the first one's connection is opened anew for ever, the second one's is good. */
function twoLines(snapshot: typeof WORKING) {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const deaths: ((failure: Failure) => void)[] = [];
  const sent: string[] = [];
  let trouble: Trouble = 'none';
  let isAnswered = false;
  const says = (by: string, method: string) => {
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
        return failure === undefined ? says('first', method) : fail(failure);
      });
      const onClosed: Connection['onClosed'] = (listener) => {
        deaths.push(listener);
        return () => undefined;
      };
      return { ...scripted, onClosed };
    },
  });
  const second = createWorld(({ method }) => says('second', method), { store, clock, owner: 'host:2:second' });
  onTestFinished(async () => void (await Promise.all([first.close(), second.client.close()])));
  return {
    clock,
    store,
    first,
    second: second.client,
    sent,
    is(now: Trouble): void {
      trouble = now;
    },
    /** The connection of the first process ends. */
    die: () => deaths.at(-1)?.({ kind: 'transport', message: 'it died' }),
  };
}

async function call({ first, clock }: ReturnType<typeof twoLines>) {
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
  `${verifies('O3', 'where %s in one process for ever (%s), another one with a good line takes the task over and answers')}`,
  async (_, trouble, snapshot) => {
    const world = twoLines(snapshot);
    const { clock, store, second, sent } = world;
    const task = await call(world);
    // Of a task that is polled once in an hour the question is read by somebody who looks.
    const other = await second.get(task.id).follow();
    await clock.advance(snapshot === HOUR ? 3_600_000 : 0);
    expect(await store.ownerOf(task.id)).toBe('host:1:first');
    world.is(trouble);
    if (trouble === 'cannot be opened') world.die();
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

test('a connection that is opened anew within a second costs no lease', async () => {
  const world = twoLines(HOUR);
  const { clock, store } = world;
  const task = await call(world);
  await world.second.get(task.id).follow();
  world.die();
  await clock.advance(10_000);
  expect(await store.ownerOf(task.id)).toBe('host:1:first');
  expect((await store.read(task.id))?.contact).toBeUndefined();
});

test('while the line is lost the record says that the server is silent, and the lease is claimed again when the line is back', async () => {
  const world = twoLines(WORKING);
  const { clock, store } = world;
  const task = await call(world);
  world.is('cannot be opened');
  world.die();
  await clock.advance(1_050);
  expect(await store.ownerOf(task.id)).toBeUndefined();
  expect(await store.read(task.id)).toMatchObject({ contact: { kind: 'silent' }, trouble: 'nobody listens' });
  world.is('none');
  await clock.advance(5_000);
  expect(await store.ownerOf(task.id)).toBe('host:1:first');
  expect((await store.read(task.id))?.contact).toBeUndefined();
});

test('an outcome on a line that stays lost is unreachable', async () => {
  const world = twoLines(WORKING);
  const task = await call(world);
  world.is('cannot be opened');
  world.die();
  const outcome = task.outcome();
  await world.clock.advance(60_000);
  expect(await outcome).toMatchObject({ status: 'unreachable', error: { message: expect.stringContaining('nobody') } });
});
