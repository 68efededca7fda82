import { expect, test, vi } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { digestQuestion } from '../task/question.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createTaskClient } from './task-client.ts';

await import('./follow-open.ts'); // load it first: a fake clock does not wait for it

const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const OUTCOME = { status: 'completed', result: { content: [] } } as const;

async function world(ids: readonly string[], changes: (id: string) => object = () => ({})) {
  const clock = createFakeClock();
  const memory = createMemoryStore({ clock });
  const store: TaskStore = {
    ...memory,
    claim: vi.fn(memory.claim),
    find: vi.fn(memory.find),
    renew: vi.fn(memory.renew),
  };
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ params }) => {
    return { taskId: params.taskId ?? '', status: 'working', pollIntervalMs: 1_000 };
  });
  const { identity: server } = connection;
  for (const id of ids) await store.create(sampleRecord({ id, taskId: `task-${id}`, server, ...changes(id) }));
  return { clock, store, connection, server, client: createTaskClient({ connection, store, clock, owner: 'me:1:a' }) };
}

test('tasks resumed in one turn are claimed in one request, without reading their records first', async () => {
  const ids = Array.from({ length: 450 }, (_, n) => `t${String(n).padStart(5, '0')}`);
  const { client, store } = await world(ids);
  const followed = await Promise.all(ids.map((id) => client.get(id).follow()));
  expect(followed.map(({ id }) => id)).toEqual(ids);
  expect(vi.mocked(store.claim).mock.calls.map(([{ limit }]) => limit)).toEqual([200, 200, 50]);
  expect(store.find).not.toHaveBeenCalled();
  expect(await store.owners()).toMatchObject([{ owner: 'me:1:a', tasks: 450 }]);
  await client.close();
  expect(await store.owners()).toEqual([]);
});

test('of many resumed tasks, one that cannot be claimed by its id is read from the store', async () => {
  const settled = { phase: 'settled', status: 'completed', outcome: OUTCOME };
  const { client, store, clock } = await world(['open1', 'held1', 'ended1', 'begin1'], (id) =>
    id === 'ended1' ? settled : {},
  );
  await store.claim({ owner: 'other:1:b', limit: 1, ids: ['held1'] });
  const all = ['open1', 'held1', 'ended1', 'beg', 'nowhere'].map((id) => client.get(id).follow());
  const ends = await Promise.allSettled(all);
  const results = ends.map((end) => (end.status === 'fulfilled' ? end.value.latest.id : end.reason.code));
  expect(results).toEqual(['open1', 'held1', 'ended1', 'begin1', 'not-found']);
  expect(await store.ownerOf('held1')).toBe('other:1:b');
  await store.leave('other:1:b');
  await clock.advance(2_000);
  expect(await store.ownerOf('held1')).toBe('me:1:a');
  await client.close();
});

test('a batch claim gives a task of another account back at once', async () => {
  const { client, store, server } = await world(['mine01', 'mine02']);
  const account = { ...server, account: 'somebody' };
  await store.create(sampleRecord({ id: 'theirs', taskId: 'task-theirs', server: account }));
  const ends = await Promise.allSettled(['mine01', 'theirs', 'mine02'].map((id) => client.get(id).follow()));
  expect(ends.map((end) => (end.status === 'fulfilled' ? end.value.id : end.reason.code))).toEqual([
    'mine01',
    'server-changed',
    'mine02',
  ]);
  expect(await store.ownerOf('theirs')).toBeUndefined();
  await client.close();
});

test('an answer that is saved right after a batch claim reaches the server', async () => {
  const request = { method: 'elicitation/create', params: { message: 'Go?', requestedSchema: { type: 'object' } } };
  const digest = digestQuestion(request);
  const asking = {
    status: 'input_required',
    inputRequests: { go: request },
    nextPollAt: 1_700_000_060_000,
    pollIntervalMs: 60_000,
    observedAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ledger: { go: { state: 'open', digest, words: 'Go?' } },
  };
  const { client, store, connection, clock } = await world(['asks01', 'asks02'], () => asking);
  const { claim } = store;
  const answer = { action: 'accept', content: {} } as const;
  store.claim = async (asked) => {
    const claims = await claim(asked);
    await store.update('asks01', (record) => {
      const entry = { state: 'answering', digest, words: 'Go?', response: answer, since: clock.now() } as const;
      return { ...record, ledger: { go: entry } };
    });
    return claims;
  };
  await Promise.all(['asks01', 'asks02'].map((id) => client.get(id).follow()));
  await clock.advance(500);
  const sent = connection.sent.filter(({ method }) => method === 'tasks/update');
  expect(sent.map(({ params }) => params)).toMatchObject([
    { taskId: 'task-asks01', inputResponses: { go: { action: 'accept' } } },
  ]);
  await client.close();
});

test('a single settled task is read without a heartbeat', async () => {
  const settled = { phase: 'settled', status: 'completed', outcome: OUTCOME };
  const { client, store } = await world(['ended1'], () => settled);
  expect(await client.get('ended1').outcome()).toEqual(OUTCOME);
  expect(store.claim).not.toHaveBeenCalled();
  expect(store.renew).not.toHaveBeenCalled();
  await client.close();
});

test('events() with followOpen follows every open task on record, as after a restart', async () => {
  const ids = Array.from({ length: 250 }, (_, n) => `t${String(n).padStart(5, '0')}`);
  const settled = { phase: 'settled', status: 'completed', outcome: OUTCOME };
  const { client, store } = await world([...ids, 'ended1'], (id) => (id === 'ended1' ? settled : {}));
  const followed = new Set<string>();
  for await (const { record } of client.events({ followOpen: true }))
    if (followed.add(record.id).size === ids.length) break;
  expect([...followed].sort()).toEqual(ids);
  expect(await store.owners()).toMatchObject([{ owner: 'me:1:a', tasks: 250 }]);
  await client.close();
});

test('events() with followOpen and labels follows only tasks with these labels', async () => {
  const { client, store } = await world(['ops001', 'dev001'], (id) => ({ labels: { team: id.slice(0, 3) } }));
  for await (const { record } of client.events({ followOpen: true, labels: { team: 'ops' } })) {
    expect(record.id).toBe('ops001');
    break;
  }
  expect(await store.ownerOf('dev001')).toBeUndefined();
  await client.close();
});

test('events() with followOpen throws when the records cannot be read', async () => {
  const { connection, store, clock } = await world([]);
  const failing = { ...store, list: () => Promise.reject(new Error('no disk')) };
  const client = createTaskClient({ connection, store: failing, clock });
  await expect(client.events({ followOpen: true }).next()).rejects.toThrow('no disk');
});

test('outcome() calls for many tasks start over several turns of the event loop, and all resolve', async () => {
  const ids = Array.from({ length: 600 }, (_, n) => `w${n}`);
  const { client } = await world(ids);
  const tasks = await Promise.all(ids.map((id) => client.get(id).follow()));
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const endedIn = tasks.map(async (task) => {
    const ended = task.outcome();
    task.detach();
    return [(await ended).status, turn] as const;
  });
  const ends = await Promise.all(endedIn);
  isOver = true;
  expect(new Set(ends.map(([status]) => status))).toEqual(new Set(['detached']));
  expect(new Set(ends.map(([, endedAt]) => endedAt)).size).toBeGreaterThan(2);
  await client.close();
});
