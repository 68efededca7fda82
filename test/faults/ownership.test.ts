import { expect, test } from 'vitest';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { TaskStore } from '../../packages/client/src/store/task-store.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock, type FakeClock, fail, type Script } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, callTask, createWorld, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const ASKING = { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };

type Cut = 'throws' | 'hangs';
const METHODS = ['create', 'read', 'find', 'list', 'update', 'updateMany', 'renew', 'claim', 'release'] as const;

/** The store of one process, until the test cuts it off. */
function cuttableStore(store: TaskStore): { readonly store: TaskStore; cut: Cut | undefined; written: number } {
  const access: { cut: Cut | undefined; written: number } = { cut: undefined, written: 0 };
  const seen: Record<string, unknown> = { ...store };
  for (const name of METHODS) {
    const method = store[name] as (...args: unknown[]) => Promise<unknown>;
    seen[name] = (...args: unknown[]) => {
      if (access.cut === 'hangs') return new Promise(() => undefined);
      if (access.cut === 'throws') return Promise.reject(new Error('connection to the database lost'));
      if (name === 'update' || name === 'updateMany') access.written += 1;
      return method(...args);
    };
  }
  seen.onMail = (interest: Parameters<TaskStore['onMail']>[0], listener: (ids?: readonly string[]) => void) =>
    store.onMail(interest, (ids) => access.cut === undefined && listener(ids));
  return Object.assign(access, { store: seen as unknown as TaskStore });
}

/** Two processes on one store, each with a server that records the instants of its requests. */
function twoProcesses(snapshot: () => object) {
  const clock = createFakeClock();
  const shared = createMemoryStore({ clock });
  const access = cuttableStore(shared);
  const asked: { readonly by: string; readonly method: string; readonly at: number }[] = [];
  const script =
    (by: string): Script =>
    ({ method }) => {
      asked.push({ by, method, at: clock.now() });
      if (method === 'tools/call') return CREATED;
      return method === 'tasks/get' ? { ...snapshot() } : {};
    };
  const first = createWorld(script('first'), { store: access.store, clock });
  const second = createWorld(script('second'), { store: shared, clock });
  const sentBy = (by: string, method?: string) =>
    asked.filter((each) => each.by === by && (method === undefined || each.method === method));
  return { clock, shared, access, first, second, sentBy };
}

const since = async (clock: FakeClock, ms: number): Promise<number> => {
  await clock.advance(ms);
  return clock.now();
};

test.each(['throws', 'hangs'] as const)(
  `${verifies('O1', 'a process whose store')} %s sends and writes nothing after seven seconds, and another process takes over`,
  async (cut) => {
    let done = false;
    const { clock, shared, access, first, second, sentBy } = twoProcesses(() =>
      done ? { ...WORKING, status: 'completed', result: RESULT } : ASKING,
    );
    const task = await callTask(first);
    await clock.advance(3_000);
    const other = await second.client.get(task.id).follow();
    await clock.advance(2_000);
    expect(sentBy('second')).toEqual([]);
    access.cut = cut;
    const before = access.written;
    const given = answerNow(task, 'approve', ACCEPT).catch(() => 'not given');
    const lastMoment = clock.now() + 7_000;
    await clock.advance(20_000);
    expect(sentBy('first').filter(({ at }) => at > lastMoment)).toEqual([]);
    expect(access.written).toBe(before);
    expect(await shared.ownerOf(task.id)).toBe(sentBy('second').length > 0 ? await shared.ownerOf(other.id) : 'nobody');
    const firstOfSecond = sentBy('second')[0]?.at ?? 0;
    expect(firstOfSecond).toBeGreaterThan(lastMoment);
    expect(sentBy('first').filter(({ at }) => at >= firstOfSecond)).toEqual([]);

    // The other process answers and cancels once each; the returning process only follows.
    await answerNow(other, 'approve', ACCEPT);
    await other.cancel();
    access.cut = undefined;
    const came = await since(clock, 5_000);
    await clock.advance(10_000);
    expect(sentBy('first').filter(({ at }) => at > lastMoment)).toEqual([]);
    expect([sentBy('first', 'tasks/update').length, sentBy('second', 'tasks/update').length]).toEqual([0, 1]);
    expect([sentBy('first', 'tasks/cancel').length, sentBy('second', 'tasks/cancel').length]).toEqual([0, 1]);
    done = true;
    await clock.advance(3_000);
    expect(came).toBeGreaterThan(lastMoment);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(await other.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    void given;
    await Promise.all([first.client.close(), second.client.close()]);
    expect(clock.pending).toBe(0);
  },
);

test(verifies('O2', 'a process that slept past its lease renews it before it sends or writes anything'), async () => {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const order: string[] = [];
  const world = createWorld(
    ({ method }) => {
      order.push(method);
      return method === 'tools/call' ? CREATED : WORKING;
    },
    {
      clock,
      store: {
        ...store,
        renew(owner) {
          order.push('renew');
          return store.renew(owner);
        },
      },
    },
  );
  await callTask(world);
  await clock.advance(3_000);
  clock.jump(8_000); // the lid was closed, and no other process ran
  order.length = 0;
  await clock.advance(4_000);
  expect(order[0]).toBe('renew');
  expect(order).toContain('tasks/get');
  await world.client.close();
});

test(
  verifies(
    'O3',
    'a client whose connection has ended releases its leases, and a process with a working connection answers',
  ),
  async () => {
    let done = false;
    const { clock, shared, first, second, sentBy } = twoProcesses(() =>
      done ? { ...WORKING, status: 'completed', result: RESULT } : ASKING,
    );
    const task = await callTask(first);
    await clock.advance(1_500);
    Object.assign(first.connection, { ended: { kind: 'transport', message: 'the connection was closed' } });
    await clock.advance(3_000);
    expect(await shared.ownerOf(task.id)).toBeUndefined();
    const polled = sentBy('first').length;
    const other = await second.client.get(task.id).follow();
    await answerNow(other, 'approve', ACCEPT);
    done = true;
    await clock.advance(2_000);
    expect(await other.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
    expect(sentBy('first')).toHaveLength(polled);
    await Promise.all([first.client.close(), second.client.close()]);
  },
);

test(verifies('O3', 'a wait on a connection that has ended returns unreachable'), async () => {
  const world = createWorld(({ method }) => {
    if (method === 'tools/call') return CREATED;
    return fail({ kind: 'transport', message: 'the connection was closed' });
  });
  const task = await callTask(world);
  Object.assign(world.connection, { ended: { kind: 'transport', message: 'the connection was closed' } });
  const outcome = task.outcome();
  await world.clock.advance(3_000);
  expect(await outcome).toMatchObject({
    status: 'unreachable',
    error: { message: expect.stringContaining('closed') },
  });
  await world.client.close();
});
