import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { createTaskClient } from './task-client.ts';
import { waitAny } from './wait.ts';

await import('./run-call.ts'); // load it first: a fake clock does not wait for it

const created = { resultType: 'task', taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const completed = { ...created, status: 'completed', result: { content: [] } };
const outcome = { status: 'completed', result: { content: [] } };

function world() {
  const clock = createFakeClock();
  const connection = createScriptedConnection(
    { revision: '2026-07-28', capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    ({ method, params }) => {
      if (params.name === 'echo') return { resultType: 'complete', content: [] };
      return method === 'tools/call' ? created : completed;
    },
  );
  return { clock, client: createTaskClient({ connection, store: createMemoryStore(), clock, owner: 'me:1:a' }) };
}

type Client = ReturnType<typeof createTaskClient>;

async function callTask(client: Client) {
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  return call.task;
}

/** The followed tasks in memory: `events()` begins with the state of each. */
async function keptBy(client: Client): Promise<readonly string[]> {
  const events = client.events();
  await client.close();
  const kept: string[] = [];
  for await (const { kind } of events) kept.push(kind);
  return kept;
}

test.each<[string, (client: Client) => Promise<unknown>]>([
  ['of a task, returned by outcome()', async (client) => (await callTask(client)).outcome()],
  [
    'of a task, delivered by updates()',
    async (client) => {
      for await (const _ of (await callTask(client)).updates());
    },
  ],
  ['of a task, returned by run()', (client) => client.run({ name: 'deploy' })],
  ['of a call with a plain result', (client) => acceptedCall(client, { name: 'echo' })],
  [
    'of a task, delivered by events()',
    async (client) => {
      const events = client.events();
      await acceptedCall(client, { name: 'deploy' });
      for await (const { kind } of events) if (kind === 'settled') return;
    },
  ],
])('the end %s, is dropped from memory', async (_, receive) => {
  const { client, clock } = world();
  const received = receive(client);
  await clock.advance(1_000);
  await received;
  await clock.settle();
  expect(await keptBy(client)).toEqual([]);
});

test('an end that no caller received is delivered to a later subscriber of events', async () => {
  const { client, clock } = world();
  await callTask(client);
  await clock.advance(1_000);
  expect(await keptBy(client)).toContain('settled');
});

test('after a caller received the end, each handle still returns it, and the task can be resumed', async () => {
  const { client, clock } = world();
  const task = await callTask(client);
  const other = await client.get(task.id).follow();
  await clock.advance(1_000);
  expect(await task.outcome()).toMatchObject(outcome);
  expect(await task.outcome()).toMatchObject(outcome);
  expect(other.latest).toMatchObject({ phase: 'settled', outcome });
  expect(await other.outcome()).toMatchObject(outcome);
  const kinds: string[] = [];
  for await (const { kind } of other.updates()) kinds.push(kind);
  expect(kinds).toEqual(['settled']);
  const again = await client.get(task.id).follow();
  task.detach(); // detaching the old task leaves the handles of the resumed one
  other.detach();
  expect(await again.outcome()).toMatchObject(outcome);
  expect(await keptBy(client)).toEqual([]);
});

test('an aborted outcome() returns the known end of the task', async () => {
  const { client, clock } = world();
  const task = await callTask(client);
  const given = AbortSignal.abort();
  expect(await task.outcome({ signal: given })).toEqual({ status: 'detached' });
  await clock.advance(1_000);
  expect(await task.outcome({ signal: given })).toMatchObject(outcome);
  expect(await waitAny([task], { signal: given })).toMatchObject({ outcome });
  task.detach();
  expect(await task.outcome()).toMatchObject(outcome);
});
