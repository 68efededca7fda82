import { expect, test } from 'vitest';
import { TaskError } from '../errors.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Step } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { createFakeClock } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { Abandoned, createWriteBatch } from './write-batch.ts';

async function world(count: number) {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const ids = Array.from({ length: count }, (_, index) => `a${index}`);
  for (const id of ids) await store.create(sampleRecord({ id, taskId: `t-${id}` }));
  await store.renew('me');
  const claims = await store.claim({ owner: 'me', limit: count, ids });
  const batches: number[] = [];
  const trouble: { now: (steps: readonly Step[]) => void } = { now: () => undefined };
  const updateMany: typeof store.updateMany = async (steps) => {
    trouble.now(steps);
    batches.push(steps.length);
    return store.updateMany(steps);
  };
  const may = { write: true };
  const batch = createWriteBatch({ updateMany }, clock, () => may.write);
  const told: string[] = [];
  const rename = (index: number, tool: string) => {
    const lease = claims[index]?.lease;
    if (lease === undefined) throw new Error('not claimed');
    const write = { id: lease.id, lease, change: (record: TaskRecord) => ({ ...record, tool }) };
    return batch.write({ ...write, onTrouble: (reason) => void told.push(reason) });
  };
  return { clock, store, batch, batches, trouble, may, told, rename, claims };
}

test('the writes of one turn are one transaction; later writes are the next', async () => {
  const { store, batches, rename } = await world(4);
  const first = [rename(0, 'a'), rename(1, 'b'), rename(2, 'c')];
  const second = first[0]?.then(() => Promise.all([rename(0, 'd'), rename(3, 'e')]));
  await Promise.all([...first, second]);
  expect(batches).toEqual([3, 2]);
  expect((await store.read('a0'))?.tool).toBe('d');
});

test('many writes of one turn are split into parts, with turns of the event loop in between', async () => {
  const { batches, rename } = await world(250);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const writes = Array.from({ length: 250 }, (_, index) => rename(index, 'x'));
  const at: number[] = [];
  for (const index of [0, 100, 200]) void writes[index]?.then(() => at.push(turns));
  await Promise.all(writes);
  isOver = true;
  expect(batches).toEqual([100, 100, 50]);
  expect(new Set(at).size).toBe(3);
});

test('a part that waits for its turn is not written once the ownership is in doubt', async () => {
  const { store, batch, may, rename } = await world(101);
  const writes = Array.from({ length: 101 }, (_, index) => rename(index, 'x'));
  const last = writes[100]?.catch((error: unknown) => error);
  await writes[0];
  may.write = false;
  batch.abandon(() => true);
  expect(await last).toBeInstanceOf(Abandoned);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await store.read('a100'))?.tool).toBe('deploy');
});

test('a write under a lost lease is dropped, and the others of its batch are saved', async () => {
  const { store, rename, claims } = await world(2);
  await store.release(claims.slice(0, 1).map(({ lease }) => lease));
  expect(await Promise.all([rename(0, 'x'), rename(1, 'y')])).toMatchObject([undefined, { tool: 'y' }]);
  expect((await store.read('a0'))?.tool).toBe('deploy');
});

test('a batch refused for one record is saved without that record', async () => {
  const { store, trouble, rename } = await world(3);
  trouble.now = (steps) => {
    if (steps.some(({ id }) => id === 'a1')) throw new TaskError('ambiguous-id', 'There is a record of it');
  };
  const all = await Promise.allSettled([rename(0, 'x'), rename(1, 'y'), rename(2, 'z')]);
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await store.read('a2'))?.tool).toBe('z');
});

test('a failed write is retried until it is saved, in order', async () => {
  const { clock, store, trouble, told, rename } = await world(1);
  trouble.now = () => {
    throw new TaskError('store-unwritable', 'disk full');
  };
  const first = rename(0, 'x');
  await clock.advance(1_000);
  const second = rename(0, 'y');
  expect(new Set(told)).toEqual(new Set(['disk full']));
  trouble.now = () => undefined;
  await clock.advance(2_000);
  expect(await Promise.all([first, second])).toMatchObject([{ tool: 'x' }, { tool: 'y' }]);
  expect((await store.read('a0'))?.tool).toBe('y');
  expect(clock.pending).toBe(0);
});

test('writes behind a hanging store are dropped when the ownership is in doubt; later writes succeed', async () => {
  const { store, batch, trouble, rename } = await world(1);
  const { updateMany } = store;
  store.updateMany = () => new Promise(() => undefined);
  const waiting = rename(0, 'x').catch((error: unknown) => error);
  await Promise.resolve();
  await Promise.resolve();
  batch.abandon(() => true);
  expect(await waiting).toBeInstanceOf(Abandoned);
  store.updateMany = updateMany;
  trouble.now = () => undefined;
  expect(await rename(0, 'y')).toMatchObject({ tool: 'y' });
});

test('queued writes are dropped when the ownership is in doubt, even if the store recovers', async () => {
  const { clock, store, batch, trouble, may, rename } = await world(1);
  trouble.now = () => {
    throw new Error('cut off');
  };
  const waiting = rename(0, 'x').catch((error: unknown) => error);
  await clock.advance(1_000);
  may.write = false;
  batch.abandon(() => true);
  trouble.now = () => undefined;
  expect(await waiting).toBeInstanceOf(Abandoned);
  expect(await rename(0, 'y').catch((error: unknown) => error)).toBeInstanceOf(Abandoned);
  await clock.advance(10_000);
  expect((await store.read('a0'))?.tool).toBe('deploy');
  expect(clock.pending).toBe(0);
});
