import { expect, test } from 'vitest';
import { TaskError } from '../../packages/client/src/errors.ts';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { createFakeClock } from '../../packages/client/src/testing/index.ts';
import { freshDirectory } from './processes.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CREATED, callTask, createWorld, QUESTION, WORKING } from './world.ts';

const RESULT = { content: [{ type: 'text', text: 'done' }] };
const ASKING = { ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION } };

/** A SQLite store that refuses writes for a while. */
async function troubledStore() {
  const clock = createFakeClock();
  const store = await openSqliteStore({ directory: freshDirectory(), clock, durable: false });
  const trouble = { isOn: false };
  const refuse = (): void => {
    if (trouble.isOn) throw new TaskError('store-unwritable', 'database is locked');
  };
  const update: typeof store.update = async (...args) => {
    refuse();
    return store.update(...args);
  };
  const updateMany: typeof store.updateMany = async (steps) => {
    refuse();
    return store.updateMany(steps);
  };
  return { store: { ...store, update, updateMany }, trouble, clock };
}

test(verifies('C2', 'a task id that could not be saved is saved as soon as the store accepts writes'), async () => {
  const { store, trouble, clock } = await troubledStore();
  const world = createWorld(
    ({ method }) => {
      if (method === 'tools/call') trouble.isOn = true;
      return method === 'tools/call' ? CREATED : WORKING;
    },
    { store, clock },
  );
  const calling = callTask(world);
  await world.clock.advance(3_000);
  expect((await store.list()).records).toMatchObject([{ phase: 'intent', taskId: null }]);
  trouble.isOn = false;
  await world.clock.advance(1_000);
  const task = await calling;
  expect((await store.list()).records).toMatchObject([{ phase: 'open', taskId: 't1' }]);
  expect([task.latest.taskId, world.connection.count('tools/call')]).toEqual(['t1', 1]);
});

test(verifies('M5', 'changes by other processes survive a delayed save of the record'), async () => {
  const { store, trouble, clock } = await troubledStore();
  let snapshot: JsonObject = ASKING;
  const world = createWorld(
    ({ method }): JsonObject => (method === 'tools/call' ? CREATED : method === 'tasks/get' ? snapshot : {}),
    { store, clock },
  );
  const task = await callTask(world);
  await world.clock.advance(1_000);
  trouble.isOn = true;
  snapshot = { ...ASKING, statusMessage: 'not saved' };
  await world.clock.advance(1_000);
  snapshot = ASKING;
  trouble.isOn = false;
  const digest = task.latest.ledger.approve?.digest ?? '';
  await store.update(task.id, (record) => ({
    ...record,
    cancelRequestedAt: 1,
    ledger: { approve: { state: 'answering', digest, response: ACCEPT, since: 1 } },
  }));
  await world.clock.advance(1_000);
  expect((await store.list()).records).toMatchObject([
    {
      history: expect.arrayContaining([expect.objectContaining({ message: 'not saved' })]),
      ledger: { approve: { state: 'acknowledged' } },
      cancelAcknowledgedAt: expect.any(Number),
    },
  ]);
});

test(verifies('M2', 'a task id reused by the server is a new task, recorded beside the old one'), async () => {
  let snapshot: JsonObject = { ...WORKING, status: 'completed', result: RESULT };
  const clock = createFakeClock();
  const store = await openSqliteStore({ directory: freshDirectory(), clock, durable: false });
  const world = createWorld(({ method }) => (method === 'tools/call' ? CREATED : snapshot), { store, clock });
  const first = await callTask(world);
  await world.clock.advance(1_000);
  snapshot = { ...WORKING, status: 'failed', error: { code: 1, message: 'of the second' } };
  const second = await callTask(world);
  await world.clock.advance(1_000);
  expect([await first.outcome(), await second.outcome()]).toMatchObject([{ result: RESULT }, { error: { code: 1 } }]);
  expect((await store.find('t1')).records).toMatchObject([{ status: 'failed' }, { status: 'completed' }]);
});

test(verifies('P12', "a task completes although the server's clock is set back an hour"), async () => {
  let snapshot: JsonObject = { ...WORKING, lastUpdatedAt: '2026-01-02T00:00:00Z' };
  const world = createWorld(({ method }) => (method === 'tools/call' ? { ...CREATED, ...snapshot } : snapshot));
  const task = await callTask(world);
  await world.clock.advance(2_000);
  snapshot = { ...WORKING, status: 'completed', result: RESULT, lastUpdatedAt: '2026-01-01T23:00:00Z' };
  await world.clock.advance(120_000);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: RESULT });
});
