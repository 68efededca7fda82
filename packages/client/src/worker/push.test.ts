import { expect, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import { dialect } from '../protocol/mcp-2026-07-28/dialect.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection, type ScriptedConnectionOptions } from '../testing/index.ts';
import { createPush } from './push.ts';

const extension = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

interface Asked {
  readonly taskIds: readonly string[];
  readonly signal: AbortSignal;
  end(): void;
}

/** A server that makes task after task, with polls due in an hour, and accepts subscriptions. */
function world(refuse?: (count: number) => unknown) {
  let dealt = 0;
  // Each task needs its own id.
  const clock = createFakeClock({
    random: () => {
      dealt += 1;
      return (dealt % 31) / 31;
    },
  });
  const asked: Asked[] = [];
  const subscribe: ScriptedConnectionOptions['subscribe'] = async (taskIds, signal) => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    asked.push({ taskIds, signal, end });
    const refusal = refuse?.(asked.length);
    if (refusal !== undefined) throw refusal;
    return { honoured: taskIds, ended };
  };
  const connection = createScriptedConnection(
    { revision: '2026-07-28', capabilities: extension, subscribe },
    ({ method }, count) => {
      if (method === 'tools/call') return { ...working(`t${count}`), resultType: 'task' };
      return { ...working('t1'), resultType: 'complete' };
    },
  );
  const client = createTaskClient({ connection, store: createMemoryStore(), clock });
  async function start() {
    const call = await acceptedCall(client, { name: 'work' });
    if (call.kind !== 'task') throw new Error('expected a task');
    return call.task;
  }
  return { clock, asked, connection, client, start };
}

function working(taskId: string) {
  return { taskId, status: 'working', ttlMs: null, pollIntervalMs: 3_600_000 };
}

function rpc(code: number): ConnectionFailure {
  return new ConnectionFailure({ kind: 'rpc', code, message: 'no' });
}

test('a pushed end settles a task without a poll', async () => {
  const { clock, connection, client, start, asked } = world();
  const task = await start();
  await clock.advance(100);
  expect(asked.map(({ taskIds }) => taskIds)).toEqual([['t1']]);
  connection.notify('notifications/tasks', { ...working('t1'), status: 'completed', result: { content: [] } });
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: [] } });
  expect(connection.count('tasks/get')).toBe(0);
  await clock.advance(100);
  expect(asked[0]?.signal.aborted).toBe(true);
  await client.close();
});

test('after a pushed end without a result, the next poll settles the task', async () => {
  const { clock, connection, client, start } = world();
  const task = await start();
  connection.notify('notifications/tasks', { ...working('t1'), status: 'completed' });
  await clock.advance(100);
  expect(task.latest.status).toBe('working');
  await client.close();
});

test('tasks started together share one subscription; a larger one replaces it once acknowledged', async () => {
  const { clock, client, start, asked } = world();
  await Promise.all([start(), start()]);
  await clock.advance(100);
  expect(asked.map(({ taskIds }) => taskIds)).toEqual([['t1', 't2']]);
  await start();
  expect(asked[0]?.signal.aborted).toBe(false);
  await clock.advance(100);
  expect(asked.map(({ taskIds }) => taskIds)).toEqual([
    ['t1', 't2'],
    ['t1', 't2', 't3'],
  ]);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await client.close();
  expect(asked[1]?.signal.aborted).toBe(true);
});

test('a dropped subscription is reopened with increasing back-off', async () => {
  const { clock, client, start, asked } = world((count) => (count > 1 && count < 5 ? new Error('down') : undefined));
  await start();
  await clock.advance(100);
  asked[0]?.end();
  await clock.advance(1_250);
  expect(asked).toHaveLength(2);
  await clock.advance(500);
  expect(asked).toHaveLength(2);
  await clock.advance(2_500);
  expect(asked).toHaveLength(3);
  await clock.advance(5_000 + 10_000);
  expect(asked).toHaveLength(5);
  await clock.advance(600_000);
  expect(asked).toHaveLength(5);
  await client.close();
});

test.each([-32601, -32602])('after a server refused push with %i, tasks are only polled', async (code) => {
  const { clock, client, start, asked, connection } = world(() => rpc(code));
  await start();
  await clock.advance(60_000);
  await start();
  await clock.advance(60_000);
  expect(asked).toHaveLength(1);
  await clock.advance(9_000_000);
  expect(connection.count('tasks/get')).toBeGreaterThan(0);
  await client.close();
  expect(clock.pending).toBe(0);
});

test('a stream that ends with an error is reopened, without other effects', async () => {
  const clock = createFakeClock();
  let opened = 0;
  const subscribe: ScriptedConnectionOptions['subscribe'] = async (taskIds) => {
    opened += 1;
    return { honoured: taskIds, ended: Promise.reject(new Error('broke off')) };
  };
  const push = createPush(
    createScriptedConnection({ revision: '2026-07-28', subscribe }, () => ({})),
    clock,
    dialect,
  );
  push.add('t1');
  await clock.advance(2_000);
  expect(opened).toBe(2);
  push.stop();
});

test('streams that end at once are reopened with back-off; one that lived for 30 s resets it', async () => {
  const clock = createFakeClock();
  const opened: number[] = [];
  let lifeMs = 0;
  const subscribe: ScriptedConnectionOptions['subscribe'] = async (taskIds) => {
    opened.push(clock.now());
    const ended = new Promise<void>((resolve) => void clock.schedule(lifeMs, resolve));
    return { honoured: taskIds, ended };
  };
  const push = createPush(
    createScriptedConnection({ revision: '2026-07-28', subscribe }, () => ({})),
    clock,
    dialect,
  );
  push.add('t1');
  await clock.advance(60 * 60_000);
  expect(opened.length).toBeLessThan(70); // not 3,600
  lifeMs = 30_000;
  await clock.advance(60_000 + 30_000);
  const before = opened.length;
  lifeMs = 0;
  await clock.advance(40_000);
  expect(opened.length - before).toBeGreaterThan(2);
  push.stop();
});
