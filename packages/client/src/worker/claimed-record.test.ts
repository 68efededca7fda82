import { expect, test } from 'vitest';
import type { FollowedTask } from '../api/handle-api.ts';
import { openMailbox } from '../api/mailbox.ts';
import { createTaskClient } from '../api/task-client.ts';
import type { Clock } from '../clock.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { answerNow } from '../testing/answer-now.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';

// Loaded with the first answer: a fake clock does not wait for it.
await import('../api/answer-question.ts');

const params = { message: 'Go?', requestedSchema: { type: 'object', properties: {} } };
const question = { method: 'elicitation/create', params };
const NEGOTIATED = {
  revision: '2026-07-28',
  capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
};
const GO = { action: 'accept', content: {} };

/** A task with open questions under these keys, led by the first client; `follow` adds clients with other stores. */
async function world(...keys: readonly string[]) {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const replies: (() => void)[] = [];
  const inputRequests = Object.fromEntries(keys.map((key) => [key, question]));
  const asks = { taskId: 't1', status: 'input_required', pollIntervalMs: 1_000, inputRequests };
  const open = (owner: string, its: TaskStore) => {
    const connection = createScriptedConnection(NEGOTIATED, ({ method }) => {
      if (method === 'tools/call') return { resultType: 'task', ...asks };
      if (method !== 'tasks/update') return asks;
      return new Promise((resolve) => replies.push(() => resolve({ resultType: 'complete' })));
    });
    return { connection, client: createTaskClient({ connection, store: its, clock, owner }) };
  };
  const first = open('host:2:b', store).client;
  const call = await acceptedCall(first, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('The server made no task');
  const { id } = call.task;
  await clock.advance(1_000);

  async function follow(its: TaskStore) {
    const { connection, client } = open('host:3:c', its);
    const task = await client.get(id).follow();
    const received: string[] = [];
    void (async () => {
      for await (const update of task.updates())
        received.push('key' in update ? `${update.kind} ${update.key}` : update.kind);
    })();
    await clock.settle();
    return { task, received, connection };
  }
  return { clock, store, first, id, follow, replies };
}

/** Holds back responses of the store until `bring` is called; the store has made the write or the read by then. */
function slowly<Name extends 'claim' | 'update' | 'read'>(store: TaskStore, name: Name) {
  const held: (() => void)[] = [];
  const slow: TaskStore = Object.create(store);
  let isSlow = false;
  slow[name] = (async (...args: never[]) => {
    const response = await (store[name] as (...each: never[]) => Promise<unknown>)(...args);
    const isEmpty = Array.isArray(response) && response.length === 0;
    if (isSlow && !isEmpty) await new Promise<void>((resolve) => held.push(resolve));
    return response;
  }) as TaskStore[Name];
  return {
    slow,
    held,
    begin() {
      isSlow = true;
    },
    end() {
      isSlow = false;
    },
    bring() {
      for (const resume of held.splice(0)) resume();
    },
  };
}

const ONCE = ['status', 'question approve', 'question-withdrawn approve'];

test.each<[string, (task: FollowedTask, store: TaskStore, clock: Clock) => Promise<void>]>([
  ['was saved here', (task) => answerNow(task, 'approve', GO)],
  ['arrived by mail', ({ id }, store, clock) => answerNow(openMailbox(store, { clock }).get(id), 'approve', GO)],
])('an answer that %s during a claim is kept when the claim returns an older record', async (_, answer) => {
  const { clock, store, first, id, follow } = await world('approve');
  const { slow, held, begin, bring } = slowly(store, 'claim');
  const { task, received, connection } = await follow(slow);
  begin();
  await first.close();
  await clock.advance(2_000);
  expect(await store.ownerOf(id)).toBe('host:3:c');
  expect(held).not.toHaveLength(0);
  void answer(task, store, clock);
  await expect.poll(() => task.latest.ledger.approve?.state).toBe('answering');
  bring();
  await clock.advance(1_000);
  expect(connection.count('tasks/update')).toBe(1);
  expect(received).toEqual(ONCE);
});

test('two answers in a slow store withdraw each question once', async () => {
  const { clock, store, follow } = await world('approve', 'notify');
  const { slow, held, begin, bring } = slowly(store, 'update');
  const { task, received } = await follow(slow);
  begin();
  for (const key of ['approve', 'notify']) {
    void answerNow(task, key, GO);
    await expect.poll(() => task.latest.ledger[key]?.state).toBe('answering');
  }
  expect(held).toHaveLength(2);
  bring();
  await clock.settle();
  const both = ['approve', 'notify'];
  const asked = [...both.map((key) => `question ${key}`), ...both.map((key) => `question-withdrawn ${key}`)];
  expect(received).toEqual(['status', ...asked]);
});

test('a slow read from before an answer does not ask the question again', async () => {
  const { clock, store, id, follow } = await world('approve');
  const { slow, held, begin, end, bring } = slowly(store, 'read');
  const { task, received } = await follow(slow);
  begin();
  await store.update(id, (record) => ({ ...record }));
  await clock.settle();
  expect(held).not.toHaveLength(0);
  end();
  void answerNow(task, 'approve', GO);
  await expect.poll(() => task.latest.ledger.approve?.state).toBe('answering');
  bring();
  await clock.settle();
  expect(received).toEqual(ONCE);
});

test('a reply that is saved slowly without the lease does not ask an answered question again', async () => {
  const { clock, store, first, id, follow, replies } = await world('approve', 'notify');
  const { slow, held, begin, bring } = slowly(store, 'update');
  let isLost = false;
  slow.renew = async (owner) => {
    if (isLost) throw new Error('out of reach');
    return store.renew(owner);
  };
  const { task, received } = await follow(slow);
  await first.close();
  await clock.advance(2_000);
  const mailbox = openMailbox(store, { clock });
  void answerNow(mailbox.get(id), 'approve', GO);
  await expect.poll(() => replies.length).toBe(1);
  isLost = true;
  await clock.advance(8_000);
  begin();
  replies[0]?.();
  await expect.poll(() => held.length).toBe(1);
  void answerNow(mailbox.get(id), 'notify', GO);
  await expect.poll(() => task.latest.ledger.notify?.state).toBe('answering');
  bring();
  await clock.settle();
  expect(task.latest.ledger.approve?.state).toBe('acknowledged');
  const both = ['approve', 'notify'];
  const asked = [...both.map((key) => `question ${key}`), ...both.map((key) => `question-withdrawn ${key}`)];
  expect(received.filter((each) => each.startsWith('question'))).toEqual(asked);
});
