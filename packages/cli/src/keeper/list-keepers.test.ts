import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTaskClient } from '@mcp-tasks/client';
import { keeperPlace, serveKeeper } from '@mcp-tasks/client/keeper';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createScriptedConnection } from '@mcp-tasks/client/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { Context } from '../context.ts';
import { task } from '../live/state/play.ts';
import { readKeepers, removeKeeper, writeKeeper } from './keeper-file.ts';
import { listKeepers } from './list-keepers.ts';

/** A keeper file with this pid, and one open task of its server. */
async function fixture(pid = process.pid) {
  const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-keepers-'));
  const context = { env: { MCP_TASKS_HOME: home }, now: () => 2_000 } as unknown as Context;
  const store = createMemoryStore();
  const record = task('a1');
  await store.create(record);
  const { fingerprint } = record.server;
  const place = await keeperPlace({ directory: home, fingerprint, secrets: null });
  const keeper = { pid, startedAt: 1_000, server: 'server', fingerprint };
  await writeKeeper(place, keeper);

  /** The keeper has another store, so that it claims no task of this one. */
  async function listen(): Promise<void> {
    const tasks = createTaskClient({
      connection: createScriptedConnection({ revision: '2026-07-28' }, () => ({})),
      store: createMemoryStore(),
    });
    const serving = await serveKeeper({ path: place.path, tasks, connection: tasks.connection });
    onTestFinished(async () => {
      await serving.close('the test is over');
      await tasks.close();
    });
  }
  return { context, store, place, keeper, listen };
}

test('a keeper that listens is listed as living, with the tasks that its process drives', async () => {
  const { context, store, keeper, listen } = await fixture();
  await listen();
  await store.claim({ owner: `host:${process.pid}:x`, limit: 1, ids: ['a1'] });
  expect(await listKeepers(store, context)).toEqual({
    living: [{ ...keeper, tasks: ['a1'], fronts: 0 }],
    dead: [],
  });
});

test('a keeper whose socket has no listener is reported dead once, with its tasks', async () => {
  const { context, store, keeper } = await fixture();
  expect(await listKeepers(store, context)).toEqual({
    living: [],
    dead: [{ ...keeper, tasks: ['a1'], fronts: 0 }],
  });
  expect(await listKeepers(store, context)).toEqual({ living: [], dead: [] });
});

test('a keeper whose socket belongs to another process is listed as dead', async () => {
  const { context, store, keeper, listen } = await fixture(process.pid + 1);
  await listen();
  expect((await listKeepers(store, context)).dead).toMatchObject([keeper]);
});

test('a keeper that ends normally removes its own file, and no other file', async () => {
  const { context, store, place, keeper } = await fixture();
  await removeKeeper(place, process.pid + 1);
  expect(await readKeepers(context)).toMatchObject([keeper]);
  await removeKeeper(place, process.pid);
  expect(await listKeepers(store, context)).toEqual({ living: [], dead: [] });
});

test('listing the keepers of one server skips those of other servers', async () => {
  const { context, store } = await fixture();
  expect(await listKeepers(store, context, 'another')).toEqual({ living: [], dead: [] });
  expect(await readKeepers(context)).toHaveLength(1);
});
