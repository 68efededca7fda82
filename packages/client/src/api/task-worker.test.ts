import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import type { TaskUpdate } from './client-api.ts';
import { openMailbox } from './mailbox.ts';
import { createTaskWorker } from './task-worker.ts';
import type { TaskWorker, TaskWorkerOptions } from './task-worker-api.ts';

// Answers load the schema interpreter, and the first connection loads the relay: a fake clock waits for neither.
await import('../schema/index.ts');
await import('./answer-question.ts');
await import('../connect/relay.ts');

const QUESTION = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Approve?', requestedSchema: { type: 'object', properties: {} } },
};
const HINT_MS = 5_000;

/** Servers whose tasks keep working until the test ends them, and workers on one store. */
function createWorld() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const states = new Map<string, object>();
  const polls: { readonly by: string; readonly taskId: string; readonly at: number }[] = [];
  const sent: { readonly by: string; readonly method: string }[] = [];
  const connected: string[] = [];

  const connectAs =
    (by: string): TaskWorkerOptions['connect'] =>
    async (server) => {
      connected.push(`${by} → ${server.label}`);
      const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
      return createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method, params }) => {
        const taskId = String(params.taskId);
        if (method === 'tasks/get') polls.push({ by, taskId, at: clock.now() });
        else sent.push({ by, method });
        if (method === 'tasks/update') states.set(taskId, { status: 'completed', result: { content: [] } });
        if (method === 'tools/call' && params.name === 'plain') return { resultType: 'complete', content: [] };
        if (method === 'tools/call') return { resultType: 'task', taskId: 't-new', status: 'working', ttlMs: null };
        if (method !== 'tasks/get') return {};
        return { taskId, ttlMs: null, pollIntervalMs: HINT_MS, status: 'working', ...states.get(taskId) };
      });
    };

  function start(by: string, over: Partial<TaskWorkerOptions> = {}): TaskWorker {
    return createTaskWorker({ store, clock, owner: by, connect: connectAs(by), ...over });
  }

  async function createTasks(count: number, over: Partial<Parameters<typeof sampleRecord>[0]> = {}): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const id = `a${index}`;
      await store.create(sampleRecord({ id, taskId: `t-${id}`, pollIntervalMs: HINT_MS, ...over }));
    }
  }

  const finish = (taskId: string): void => void states.set(taskId, { status: 'completed', result: { content: [] } });
  const serverOf = sampleRecord({ id: 'any' }).server;
  return { clock, store, states, polls, sent, connected, start, createTasks, finish, serverOf };
}

/** Reads the events one at a time; `handle` runs before the next one is requested. */
async function collect(worker: TaskWorker, handle: (update: TaskUpdate) => unknown = () => undefined) {
  const kinds: string[] = [];
  for await (const update of worker.events()) {
    kinds.push(`${update.kind} ${update.record.id}`);
    if ((await handle(update)) === 'leave') break;
  }
  return kinds;
}

async function heldBy(store: TaskStore): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await store.owners()).map(({ owner, tasks }) => [owner, tasks]));
}

test('a worker for one server leaves the tasks of other servers to other workers', async () => {
  const { clock, store, start, serverOf } = createWorld();
  const far = { ...serverOf, fingerprint: 'far', label: 'far' };
  for (let index = 0; index < 4; index += 1)
    await store.create(sampleRecord({ id: `n${index}`, taskId: `tn${index}` }));
  for (let index = 0; index < 60; index += 1) {
    await store.create(sampleRecord({ id: `f${index}`, taskId: `tf${index}`, server: far }));
  }
  const near = start('near', { fingerprints: [serverOf.fingerprint] });
  const all = start('all');
  await clock.advance(8_000);
  const { near: ofNear = 0, all: ofAll = 0 } = await heldBy(store);
  expect(ofNear).toBeGreaterThan(0);
  expect(ofNear + ofAll).toBe(64);
  await Promise.all([near.stop(), all.stop()]);
});

test('a worker claims open tasks and polls each once per interval, over one connection per server', async () => {
  const { clock, start, createTasks, polls, connected, store } = createWorld();
  await createTasks(20);
  const server = { fingerprint: 'server-b', label: 'b.example', target: { kind: 'host', name: 'b' } } as const;
  await store.create(sampleRecord({ id: 'b1', taskId: 't-b1', server, pollIntervalMs: HINT_MS }));
  await store.create(sampleRecord({ id: 'done', phase: 'settled' }));
  const worker = start('mona');
  await clock.advance(3 * HINT_MS);
  expect(worker.held).toBe(21);
  expect(connected).toEqual(['mona → a.example', 'mona → b.example']);
  const counts = new Set(
    Array.from({ length: 20 }, (_, index) => polls.filter((poll) => poll.taskId === `t-a${index}`).length),
  );
  expect([...counts].every((count) => count >= 2 && count <= 4)).toBe(true);
  await worker.stop();
  expect(clock.pending).toBe(0);
});

test('the polls of many overdue tasks are spread over one poll interval', async () => {
  const { clock, start, createTasks, polls } = createWorld();
  await createTasks(500);
  const worker = start('mona');
  await clock.advance(HINT_MS);
  const perSecond = [0, 1, 2, 3, 4].map(
    (second) => polls.filter(({ at }) => Math.floor((at - 1_700_000_000_000) / 1_000) === second).length,
  );
  expect(Math.max(...perSecond)).toBeLessThan(120);
  expect(new Set(polls.map(({ taskId }) => taskId)).size).toBeGreaterThan(490);
  await worker.stop();
});

test('workers share the open tasks: a new worker gets its share, and each task is polled by one worker', async () => {
  const { clock, store, start, createTasks, polls } = createWorld();
  await createTasks(90);
  const first = start('mona');
  await clock.advance(1_000);
  expect(await heldBy(store)).toEqual({ mona: 90 });
  const others = [start('otto'), start('pia')];
  await clock.advance(20_000);
  const held = await heldBy(store);
  expect(Object.values(held).reduce((sum, each) => sum + each, 0)).toBe(90);
  for (const count of Object.values(held)) expect(count).toBeLessThanOrEqual(35);
  const before = polls.length;
  await clock.advance(HINT_MS * 1.1);
  const pollers = new Map<string, Set<string>>();
  for (const { taskId, by } of polls.slice(before)) {
    pollers.set(taskId, (pollers.get(taskId) ?? new Set()).add(by));
  }
  expect([...pollers.values()].filter((by) => by.size > 1)).toEqual([]);
  await Promise.all([first, ...others].map((worker) => worker.stop()));
});

test('a worker holds no more than maxTasks', async () => {
  const { clock, store, start, createTasks } = createWorld();
  await createTasks(30);
  const worker = start('mona', { maxTasks: 7 });
  await clock.advance(10_000);
  expect(await heldBy(store)).toEqual({ mona: 7 });
  await worker.stop();
});

test('a stopping worker releases its tasks, and another worker polls them at once', async () => {
  const { clock, store, start, createTasks, polls } = createWorld();
  await createTasks(10);
  const [mona, otto] = [start('mona'), start('otto')];
  await clock.advance(12_000);
  await mona.stop();
  expect(Object.keys(await heldBy(store))).toEqual(['otto']);
  await clock.advance(2_500);
  expect(await heldBy(store)).toEqual({ otto: 10 });
  const since = clock.now();
  await clock.advance(HINT_MS * 1.1);
  const after = polls.filter(({ at }) => at >= since);
  expect(new Set(after.map(({ taskId }) => taskId)).size).toBe(10);
  expect(after.every(({ by }) => by === 'otto')).toBe(true);
  await otto.stop();
});

test('an end is delivered again if the loop over events() was left before handling it', async () => {
  const { clock, store, start, createTasks, finish } = createWorld();
  await createTasks(2);
  const mona = start('mona');
  const received = collect(mona, ({ kind }) => (kind === 'settled' ? 'leave' : undefined));
  await clock.advance(1_000);
  finish('t-a0');
  await clock.advance(2 * HINT_MS);
  expect(await received).toEqual(['status a0', 'settled a0']);
  expect((await store.read('a0'))?.deliveredAt).toBe(null);
  await clock.advance(1_000);
  const again = collect(mona);
  await clock.advance(2_000);
  expect((await store.read('a0'))?.deliveredAt).toBeGreaterThan(0);
  await mona.stop();
  expect(await again).toEqual(['settled a0']);
  const otto = start('otto');
  const none = collect(otto);
  await clock.advance(5_000);
  await otto.stop();
  expect(await none).toEqual([]);
});

test('another worker delivers an end that a dead worker settled but did not deliver', async () => {
  const { clock, store, start, createTasks, finish } = createWorld();
  await createTasks(1);
  let isCut = false;
  const cuttable = new Proxy(store, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function' || name === 'onMail') return value;
      return (...args: unknown[]) => (isCut ? new Promise(() => undefined) : value.apply(target, args));
    },
  });
  const mona = start('mona', { store: cuttable });
  const inHand: TaskUpdate[] = [];
  void collect(mona, (update) => {
    if (update.kind !== 'settled') return undefined;
    inHand.push(update);
    return new Promise(() => undefined);
  });
  await clock.advance(1_000);
  finish('t-a0');
  await clock.advance(2 * HINT_MS);
  expect(inHand).toHaveLength(1);
  isCut = true;
  const otto = start('otto');
  const received = collect(otto);
  await clock.advance(20_000);
  await otto.stop();
  expect(await received).toEqual(['settled a0']);
  expect((await store.read('a0'))?.deliveredAt).toBeGreaterThan(0);
});

test('a question in the events of a worker can be answered there or in a mailbox', async () => {
  const { clock, store, states, sent, start, createTasks } = createWorld();
  await createTasks(2);
  for (const id of ['t-a0', 't-a1']) states.set(id, { status: 'input_required', inputRequests: { approve: QUESTION } });
  const worker = start('mona');
  const received = collect(worker, async (update) => {
    if (update.kind === 'question' && update.record.id === 'a0') await update.question.answer({ action: 'decline' });
  });
  await clock.advance(2 * HINT_MS);
  await using mailbox = openMailbox(store, { clock });
  const question = await mailbox.get('a1').question('approve');
  const given = question.answer({ action: 'decline' });
  await clock.advance(3 * HINT_MS);
  await given;
  await worker.stop();
  expect(sent).toEqual([
    { by: 'mona', method: 'tasks/update' },
    { by: 'mona', method: 'tasks/update' },
  ]);
  const ends = (await received).filter((kind) => /settled|question /.test(kind));
  expect(ends.sort()).toEqual(['question a0', 'question a1', 'settled a0', 'settled a1']);
});

test('the events of a worker begin with the open questions', async () => {
  const { clock, states, start, createTasks } = createWorld();
  await createTasks(1);
  states.set('t-a0', { status: 'input_required', inputRequests: { approve: QUESTION } });
  const mona = start('mona');
  await clock.advance(2_000);
  await mona.stop();
  const otto = start('otto');
  const received = collect(otto);
  await clock.advance(3_000);
  await otto.stop();
  expect((await received)[0]).toBe('question a0');
});

test('a call whose process died is recorded as lost once, and not claimed again', async () => {
  const { clock, store, start } = createWorld();
  await store.create(sampleRecord({ id: 'a1', phase: 'intent' }));
  let claims = 0;
  const counted = new Proxy(store, {
    get: (target, name) => {
      if (name !== 'claim') return Reflect.get(target, name);
      return async (request: Parameters<TaskStore['claim']>[0]) => {
        const given = await store.claim(request);
        claims += given.length;
        return given;
      };
    },
  });
  const worker = start('mona', { store: counted });
  await clock.advance(20_000);
  expect((await store.read('a1'))?.contact?.kind).toBe('lost');
  expect(claims).toBe(1);
  expect(worker.held).toBe(0);
  await worker.stop();
});

test('a second loop over the events of a worker is refused', async () => {
  const { start } = createWorld();
  const worker = start('mona');
  const first = worker.events();
  expect(() => worker.events()).toThrow(/already being read/);
  await first.return?.();
  worker.events();
  await worker.stop();
  await expect(start('otto', { lead: false }).events).toThrow(/has no events/);
});

test('a client with `lead: false` hands its task over and follows the record; a worker delivers the end', async () => {
  const { clock, store, start, finish, polls, serverOf } = createWorld();
  const starter = start('web', { lead: false });
  const task = await starter.client(serverOf).start({ name: 'deploy' });
  const answer = task.accepted();
  await clock.advance(10);
  expect((await answer).kind).toBe('task');
  expect(await store.ownerOf(task.id)).toBe(undefined);
  const worker = start('mona');
  const received = collect(worker);
  await clock.advance(2 * HINT_MS);
  expect(await store.ownerOf(task.id)).toBe('mona');
  finish('t-new');
  const outcome = task.outcome();
  await clock.advance(2 * HINT_MS);
  expect((await outcome).status).toBe('completed');
  expect(new Set(polls.map(({ by }) => by))).toEqual(new Set(['mona']));
  await starter.stop();
  await worker.stop();
  expect((await received).at(-1)).toBe(`settled ${task.id}`);
});

test('a worker delivers the plain result of a client with `lead: false`', async () => {
  const { clock, start, serverOf } = createWorld();
  const starter = start('web', { lead: false });
  const task = await starter.client(serverOf).start({ name: 'plain' });
  const worker = start('mona');
  const received = collect(worker);
  await clock.advance(3_000);
  expect((await task.accepted()).kind).toBe('complete');
  await worker.stop();
  await starter.stop();
  expect(await received).toEqual([`settled ${task.id}`]);
});

test('an answer queued while its process was suspended is sent after the next heartbeat', async () => {
  const { clock, store, createTasks } = createWorld();
  await createTasks(1, { inputRequests: { approve: QUESTION }, status: 'input_required' });
  await createTasks(1, { id: 'b1', taskId: 't-b1' });
  const held: (() => void)[] = [];
  let isHolding = false;
  const sent: string[] = [];
  const worker = createTaskWorker({
    store,
    clock,
    owner: 'mona',
    maxInFlight: 1,
    connect: async () =>
      createScriptedConnection({ revision: '2026-07-28', capabilities: {} }, async ({ method, params }) => {
        sent.push(method);
        if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
        if (method !== 'tasks/get') return {};
        const asked = params.taskId === 't-b1' ? {} : { inputRequests: { approve: QUESTION } };
        const status = params.taskId === 't-b1' ? 'working' : 'input_required';
        return { taskId: params.taskId, ttlMs: null, pollIntervalMs: HINT_MS, status, ...asked };
      }),
  });
  await clock.advance(HINT_MS);
  isHolding = true;
  await clock.advance(HINT_MS);
  expect(held).toHaveLength(1); // one poll fills the limit
  const mailbox = openMailbox(store, { clock });
  void (await mailbox.get('a0').question('approve')).answer({ action: 'decline' }).catch(() => undefined);
  await clock.advance(1_000);
  const { renew } = store;
  let isReachable = false;
  store.renew = async (owner) => (isReachable ? renew(owner) : Promise.reject(new Error('down')));
  sent.length = 0;
  clock.jump(8_000); // stopped: no timer has run
  isHolding = false;
  held.shift()?.();
  await clock.settle();
  expect(sent).toEqual([]);
  isReachable = true;
  await clock.advance(HINT_MS);
  expect(sent.filter((method) => method === 'tasks/update')).toHaveLength(1);
  await mailbox.close();
  const stopped = worker.stop();
  await clock.advance(30_000);
  await stopped;
});

test('a lease whose release failed is released with a later heartbeat', async () => {
  const { clock, store, start, createTasks } = createWorld();
  await createTasks(10);
  const first = start('mona');
  await clock.advance(2_000);
  const { release } = store;
  store.release = () => Promise.reject(new Error('down'));
  const second = start('otto');
  await clock.advance(4_000);
  expect(second.held).toBe(0);
  store.release = release;
  await clock.advance(8_000);
  expect(first.held + second.held).toBe(10);
  await Promise.all([first.stop(), second.stop()]);
});

test('a claim in flight while its owner was declared dead drives nothing', async () => {
  const { clock, store, polls, createTasks, start } = createWorld();
  await createTasks(1);
  const { claim, renew } = store;
  let isDown = false;
  let deliver = (): void => undefined;
  store.claim = async (request) => {
    const claims = await claim(request);
    if (request.owner === 'mona') await new Promise<void>((resolve) => (deliver = resolve));
    return claims;
  };
  store.renew = (owner) => (isDown && owner === 'mona' ? Promise.reject(new Error('down')) : renew(owner));
  const mona = start('mona');
  await clock.advance(1_000);
  isDown = true;
  const otto = start('otto');
  await clock.advance(15_000);
  isDown = false;
  await clock.advance(2_000);
  expect(otto.held).toBe(1);
  deliver();
  await clock.advance(5_000);
  expect(new Set(polls.map(({ by }) => by))).toEqual(new Set(['otto']));
  deliver();
  const stopped = [mona.stop(), otto.stop()];
  await clock.advance(30_000);
  await Promise.all(stopped);
});
