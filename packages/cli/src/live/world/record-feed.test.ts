import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, test } from 'vitest';
import { createRecordFeed } from './record-feed.ts';

const record = (id: string, tool = 'deploy') =>
  ({
    id,
    tool,
    taskId: null,
    server: { fingerprint: 'f', label: 'f', target: { kind: 'host', name: 'f' } },
    phase: 'open',
    createdAt: 1,
    updatedAt: 1,
    inputRequests: {},
    ledger: {},
  }) as unknown as TaskRecord;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function openFeed(store: TaskStore) {
  const reported: unknown[] = [];
  const troubles: unknown[] = [];
  const feed = createRecordFeed(
    store,
    (changed, removed) => reported.push([changed.map(({ id, tool }) => `${id} ${tool}`), removed]),
    (error) => troubles.push(error),
  );
  return { feed, reported, troubles };
}

test('existing records are reported first, then every change and removal', async () => {
  const store = createMemoryStore();
  await store.create(record('a1'));
  const { feed, reported } = openFeed(store);
  await feed.start();
  await store.create(record('a2'));
  await settle();
  await store.update('a1', (before) => ({ ...before, tool: 'newer' }));
  await settle();
  await store.remove('a2');
  await settle();
  feed.stop();
  await store.remove('a1');
  await settle();
  expect(reported).toEqual([
    [['a1 deploy'], []],
    [['a2 deploy'], []],
    [['a1 newer'], []],
    [[], ['a2']],
  ]);
});

test('all pages of records are reported, and a full read reports a record deleted meanwhile as removed', async () => {
  const memory = createMemoryStore();
  for (let count = 0; count < 1_200; count += 1) await memory.create(record(`r${count}`));
  let listener: (ids: readonly string[] | undefined) => void = () => undefined;
  const onMail: TaskStore['onMail'] = (_, next) => {
    listener = next;
    return () => undefined;
  };
  const { feed, reported } = openFeed({ ...memory, onMail });
  await feed.start();
  expect(reported.flatMap((each) => (each as [string[]])[0])).toHaveLength(1_200);
  await memory.remove('r7');
  listener(undefined);
  await settle();
  expect(reported.at(-1)).toEqual([[], ['r7']]);
});

test('a store error is reported once until a read succeeds', async () => {
  const memory = createMemoryStore();
  await memory.create(record('a1'));
  let isBroken = false;
  const read: TaskStore['read'] = (id) => (isBroken ? Promise.reject(new Error('deleted')) : memory.read(id));
  const list: TaskStore['list'] = (...args) => (isBroken ? Promise.reject(new Error('deleted')) : memory.list(...args));
  const { feed, reported, troubles } = openFeed({ ...memory, read, list });
  await feed.start();
  isBroken = true;
  for (const tool of ['b', 'c']) {
    await memory.update('a1', (before) => ({ ...before, tool }));
    await settle();
  }
  expect(troubles).toEqual([new Error('deleted')]);
  isBroken = false;
  await memory.update('a1', (before) => ({ ...before, tool: 'd' }));
  await settle();
  expect(reported.at(-1)).toEqual([['a1 d'], []]);
  feed.stop();
});
