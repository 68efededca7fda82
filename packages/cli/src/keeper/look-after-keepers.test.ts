import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskRecord } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { task } from '../live/state/play.ts';
import { readHolders, writeHolder } from './keeper-file.ts';
import { lookAfterHolders } from './look-after-keepers.ts';

/** No process has this one: it is past what a system gives out. */
const NOBODY = 2 ** 22 + 1;

async function world(over: Parameters<typeof task>[1], pid = process.pid) {
  const env = { MCP_TASKS_HOME: mkdtempSync(join(tmpdir(), 'mcp-tasks-holders-')) };
  const context = { env, now: () => 2_000 } as unknown as Context;
  const store = createMemoryStore();
  await store.create(task('a1', over));
  const holder = { pid, startedAt: 1_000, server: 'server', id: 'a1' };
  await writeHolder(context, holder);
  return { context, store, holder };
}

const settled = {
  phase: 'settled',
  status: 'completed',
  outcome: { status: 'completed', result: { content: [] } },
} satisfies Partial<TaskRecord>;

test('a background process that owns its task lives', async () => {
  const { context, store, holder } = await world({});
  await store.claim({ owner: `host:${process.pid}:x`, limit: 1, ids: ['a1'] });
  expect(await lookAfterHolders(store, context)).toEqual({ living: [holder], dead: [] });
});

test('one whose task has just settled has not died: it is on its way out', async () => {
  const { context, store, holder } = await world(settled);
  expect(await lookAfterHolders(store, context)).toEqual({ living: [], dead: [] });
  expect(await readHolders(context)).toEqual([holder]); // it removes that itself
});

test('one whose task was forgotten has not died', async () => {
  const { context, store } = await world({});
  await store.remove('a1');
  expect(await lookAfterHolders(store, context)).toEqual({ living: [], dead: [] });
});

test.each([
  ['whose process is gone', {}, NOBODY],
  ['whose process is gone since its task settled', settled, NOBODY],
  ['whose pid is that of somebody else by now', {}, process.pid],
])('one %s has died, which is told once', async (_, over, pid) => {
  const { context, store, holder } = await world(over, pid);
  expect(await lookAfterHolders(store, context)).toEqual({ living: [], dead: [holder] });
  expect(await lookAfterHolders(store, context)).toEqual({ living: [], dead: [] });
});
