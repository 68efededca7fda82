import { expect, test } from 'vitest';
import { ConnectionFailure, type Failure } from '../connect/connection.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { JsonValue } from '../task/json.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createTaskWorker } from './task-worker.ts';
import type { TaskWorker } from './task-worker-api.ts';

// The first connection loads the relay: a fake clock does not wait for it.
await import('../connect/relay.ts');

const HINT_MS = 5_000;
const TASKS = 20;
const working = { status: 'working', ttlMs: null, pollIntervalMs: HINT_MS };

/** Workers on one store, each with its own connection to one server. */
async function createWorld() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  for (let n = 0; n < TASKS; n += 1) {
    await store.create(sampleRecord({ id: `a${n}`, taskId: `t${n}`, pollIntervalMs: HINT_MS }));
  }
  const cut = new Set<string>();
  const polls: { readonly by: string; readonly taskId: string }[] = [];
  const ends = new Map<string, (failure: Failure) => void>();

  function assertLine(by: string): void {
    if (cut.has(by)) throw new ConnectionFailure({ kind: 'transport', message: 'ECONNREFUSED' });
  }

  function start(by: string): TaskWorker {
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    return createTaskWorker({
      store,
      clock,
      owner: by,
      async connect() {
        assertLine(by);
        const connection = createScriptedConnection(
          { revision: '2026-07-28', capabilities },
          ({ params }): JsonValue => {
            assertLine(by);
            polls.push({ by, taskId: String(params.taskId) });
            return { taskId: String(params.taskId), ...working };
          },
        );
        return {
          ...connection,
          onClosed(listener) {
            ends.set(by, listener);
            return () => undefined;
          },
        };
      },
    });
  }

  const held = async (): Promise<Readonly<Record<string, number>>> =>
    Object.fromEntries((await store.owners()).map(({ owner, tasks }) => [owner, tasks]));
  return { clock, store, cut, polls, ends, start, held };
}

/** A worker may hold a few tasks more than its share. */
function expectShared({ mona = 0, otto = 0 }: Readonly<Record<string, number>>): void {
  expect(mona + otto).toBe(TASKS);
  expect(Math.abs(mona - otto)).toBeLessThan(TASKS / 2);
}

test('tasks of a server that one worker cannot reach move to another, and are shared again once it can', async () => {
  const { clock, cut, polls, start, held } = await createWorld();
  const workers = [start('mona'), start('otto')];
  await clock.advance(20_000);
  expectShared(await held());
  cut.add('mona');
  await clock.advance(40_000);
  expect(await held()).toEqual({ mona: 0, otto: TASKS });
  polls.length = 0;
  await clock.advance(1.1 * HINT_MS + 500);
  expect(new Set(polls.filter(({ by }) => by === 'otto').map(({ taskId }) => taskId)).size).toBe(TASKS);
  cut.clear();
  await clock.advance(180_000);
  expectShared(await held());
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(clock.pending).toBe(0);
});

test('another worker takes over within six seconds when a lost connection cannot be reopened', async () => {
  const { clock, cut, ends, start, held } = await createWorld();
  const workers = [start('mona'), start('otto')];
  await clock.advance(20_000);
  cut.add('mona');
  ends.get('mona')?.({ kind: 'transport', message: 'ECONNRESET' });
  await clock.advance(6_000);
  expect(await held()).toEqual({ mona: 0, otto: TASKS });
  await Promise.all(workers.map((worker) => worker.stop()));
});

test('the only worker keeps the tasks of an unreachable server and polls them later', async () => {
  const { clock, cut, polls, start, held } = await createWorld();
  const worker = start('mona');
  await clock.advance(20_000);
  cut.add('mona');
  await clock.advance(60_000);
  expect(await held()).toEqual({ mona: TASKS });
  cut.clear();
  polls.length = 0;
  await clock.advance(60_000);
  expect(new Set(polls.map(({ taskId }) => taskId)).size).toBe(TASKS);
  await worker.stop();
});
