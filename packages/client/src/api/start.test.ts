import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonValue } from '../task/json.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import type { TaskUpdate } from './handle-api.ts';
import { createTaskClient } from './task-client.ts';

const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const created = { resultType: 'task', taskId: 't1', status: 'working', pollIntervalMs: 1_000 };
const plain = { resultType: 'complete', content: [{ type: 'text', text: 'hi' }] };

function world(store = createMemoryStore()) {
  const clock = createFakeClock();
  const answers: ((value: JsonValue) => void)[] = [];
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method }) =>
    method === 'tools/call' ? new Promise<JsonValue>((resolve) => answers.push(resolve)) : created,
  );
  return { clock, store, connection, answers, tasks: createTaskClient({ connection, store, clock }) };
}

test('start() returns a handle before the server responds, with the record saved under a lease', async () => {
  const { tasks, store, connection, answers } = world();
  const task = await tasks.start({ name: 'deploy', arguments: { env: 'a' }, labels: { thread: 't1' }, key: 'k' });
  expect(task.latest).toMatchObject({ phase: 'intent', tool: 'deploy', labels: { thread: 't1' }, key: 'k' });
  expect(await store.read(task.id)).toEqual(task.latest);
  expect(await store.ownerOf(task.id)).toEqual(expect.any(String));
  expect(connection.count('tools/call')).toBe(1);
  answers[0]?.(created);
  expect(await task.accepted()).toEqual({ kind: 'task' });
  expect(task.latest).toMatchObject({ phase: 'open', taskId: 't1' });
  await tasks.close();
});

test('the outcome of a call with a plain result is that result', async () => {
  const { tasks, answers } = world();
  const task = await tasks.start({ name: 'hello' });
  const outcome = task.outcome();
  answers[0]?.(plain);
  expect(await task.accepted()).toEqual({ kind: 'complete', result: { content: plain.content } });
  expect(await outcome).toEqual({ status: 'completed', result: { content: plain.content } });
  expect(await task.outcome()).toEqual(await outcome);
  await tasks.close();
});

test('concurrent starts with one key join one call, which is sent once', async () => {
  const { tasks, connection, answers } = world();
  const request = { name: 'deploy', arguments: { env: 'a' }, key: 'deploy:a' };
  const [first, second, third] = await Promise.all([tasks.start(request), tasks.start(request), tasks.start(request)]);
  expect(new Set([first.id, second.id, third.id]).size).toBe(1);
  answers[0]?.(created);
  expect(await Promise.all([first.accepted(), second.accepted(), third.accepted()])).toHaveLength(3);
  expect(connection.count('tools/call')).toBe(1);
  await tasks.close();
});

test('a key in use is refused with onExisting `refuse`, and always with other arguments', async () => {
  const { tasks, connection, answers } = world();
  const request = { name: 'deploy', arguments: { env: 'a' }, key: 'deploy:a' };
  const first = await tasks.start(request);
  const message = expect.stringContaining(first.id);
  await expect(tasks.start({ ...request, onExisting: 'refuse' })).rejects.toMatchObject({
    code: 'key-conflict',
    message,
  });
  const other = { ...request, arguments: { env: 'b' } };
  await expect(tasks.start(other)).rejects.toMatchObject({ code: 'key-conflict', message });
  answers[0]?.(plain);
  await first.outcome();
  const next = await tasks.start(other); // the key is free again
  expect(next.id).not.toBe(first.id);
  expect(connection.count('tools/call')).toBe(2);
  await tasks.close();
});

test('a start in another process joins the call in flight and does not record it as lost', async () => {
  const store = createMemoryStore();
  const [here, there] = [world(store), world(store)];
  const request = { name: 'deploy', key: 'k' };
  const mine = await here.tasks.start(request);
  const theirs = await there.tasks.start(request);
  expect(theirs.id).toBe(mine.id);
  await there.clock.advance(3_000);
  expect(theirs.latest).toMatchObject({ phase: 'intent' });
  expect(theirs.latest.trouble).toBeUndefined();
  here.answers[0]?.(created);
  expect(await theirs.accepted()).toEqual({ kind: 'task' });
  expect(there.connection.count('tools/call')).toBe(0);
  await here.tasks.close();
  await there.tasks.close();
});

test('start() sends nothing and returns no handle while the store accepts no heartbeats', async () => {
  const memory = createMemoryStore();
  let resume: () => void = () => undefined;
  const hung = new Promise<void>((resolve) => (resume = resolve));
  const { tasks, connection } = world({
    ...memory,
    renew: async (owner) => {
      await hung;
      return memory.renew(owner);
    },
  });
  let isGiven = false;
  const starting = tasks.start({ name: 'deploy' }).then((task) => {
    isGiven = true;
    return task;
  });
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  expect([isGiven, connection.sent]).toEqual([false, []]);
  resume();
  expect((await starting).latest.phase).toBe('intent');
  expect(connection.count('tools/call')).toBe(1);
  await tasks.close();
});

test('start() sends nothing and returns no handle while the heartbeat is too old, even with the lease', async () => {
  const memory = createMemoryStore();
  const heartbeats: (() => void)[] = [];
  let hangs = false;
  const { tasks, connection, clock } = world({
    ...memory,
    async claim(request) {
      const claims = await memory.claim(request);
      // Another process writes to the record, so that its first step is saved.
      for (const { record } of claims) await memory.update(record.id, (current) => ({ ...current }));
      return claims;
    },
    // The disk holds this process for longer than its heartbeat lasts: no timer runs meanwhile.
    async updateMany(steps) {
      clock.jump(8_000);
      hangs = true;
      return memory.updateMany(steps);
    },
    async renew(owner) {
      if (hangs) await new Promise<void>((resolve) => heartbeats.push(resolve));
      return memory.renew(owner);
    },
  });
  let isGiven = false;
  const starting = tasks.start({ name: 'deploy' }).then((task) => {
    isGiven = true;
    return task;
  });
  await clock.settle();
  await clock.settle();
  expect([hangs, isGiven, connection.count('tools/call')]).toEqual([true, false, 0]);
  await clock.advance(10);
  hangs = false;
  for (const resume of heartbeats) resume();
  expect((await starting).latest.phase).toBe('intent');
  expect(connection.count('tools/call')).toBe(1);
  await tasks.close();
});

test('start() fails if the store refuses the heartbeat; nothing is sent or left on record', async () => {
  const memory = createMemoryStore();
  const down = async (): Promise<never> => {
    throw new Error('disk I/O error');
  };
  const { tasks, connection } = world({ ...memory, renew: down, claim: down });
  await expect(tasks.start({ name: 'deploy' })).rejects.toMatchObject({ code: 'store-unwritable' });
  expect(connection.sent).toEqual([]);
  expect((await memory.list()).records).toEqual([]);
  await tasks.close();
});

test('progress reaches updates() and the record at once, and the store soon after', async () => {
  const { tasks, connection, clock, store, answers } = world();
  const task = await tasks.start({ name: 'deploy' });
  const updates: TaskUpdate[] = [];
  const watched = (async () => {
    for await (const update of task.updates()) updates.push(update);
  })();
  const progressToken = `mcp-tasks:${task.id}`;
  for (const progress of [1, 2]) {
    connection.notify('notifications/progress', { progressToken, progress, total: 2, message: `step ${progress}` });
  }
  await clock.advance(2_600);
  const expected = [1, 2].map((progress) => ({ kind: 'progress', progress, total: 2, message: `step ${progress}` }));
  expect(updates.filter(({ kind }) => kind === 'progress')).toMatchObject(expected);
  expect(task.latest.progress).toEqual({ progress: 2, total: 2, message: 'step 2' });
  expect((await store.read(task.id))?.progress).toEqual(task.latest.progress);
  answers[0]?.(plain);
  await watched;
  expect(updates.at(-1)).toMatchObject({ kind: 'settled', record: { progress: { progress: 2 } } });
  await tasks.close();
});

test('labels and keys that are not strings are refused before anything is written', async () => {
  const { tasks, store } = world();
  const labels = { thread: 1 as unknown as string };
  await expect(tasks.start({ name: 'deploy', labels })).rejects.toMatchObject({ code: 'call-invalid' });
  expect((await store.list()).records).toEqual([]);
  await tasks.close();
});

test('arguments other than an object are refused before anything is written or sent', async () => {
  const { tasks, store, connection } = world();
  const given = [1] as unknown as { readonly [name: string]: number };
  await expect(tasks.start({ name: 'deploy', arguments: given })).rejects.toMatchObject({
    code: 'call-invalid',
    message: 'The arguments of deploy must be an object; nothing was sent',
  });
  expect((await store.list()).records).toEqual([]);
  expect(connection.count('tools/call')).toBe(0);
  await tasks.close();
});

test('a call in flight has no open question and is not lost', async () => {
  const { tasks } = world();
  const task = await tasks.start({ name: 'deploy' });
  await expect(task.question('approve')).rejects.toMatchObject({
    code: 'question-not-open',
    message: `Task ${task.id} has no open question "approve"`,
  });
  await tasks.close();
});

test('createTaskClient names the wrong option when given a promise or an SDK client', () => {
  const { connection, store } = world();
  const make = (options: object) => () => createTaskClient(options as Parameters<typeof createTaskClient>[0]);
  expect(make({ connection: Promise.resolve(connection), store })).toThrow(
    'a connection: a promise was given, await it',
  );
  expect(make({ connection, store: Promise.resolve(store) })).toThrow('a store: a promise was given, await it');
  expect(make({ connection: { callTool: () => undefined }, store })).toThrow('a connection of this library');
});
