import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import { createUnsavedStore } from '../../packages/client/src/store/sqlite/unsaved-store.ts';
import { openSqliteStore, openSqliteStoreOrMemory } from '../../packages/client/src/store/sqlite-store.ts';
import type { TaskStore } from '../../packages/client/src/store/task-store.ts';
import type { TaskRecord } from '../../packages/client/src/task/record.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { storeChecks } from '../../packages/client/src/testing/store-conformance.ts';
import { freshDirectory } from './support.ts';

/** A real store on a disk that may be full: it still reads, and refuses every write. */
async function fillable(): Promise<{ readonly disk: TaskStore; fill(): void; readonly directory: string }> {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory });
  let full = false;
  const guard =
    <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (full) throw new TaskError('store-unwritable', 'database or disk is full', { hint: 'Make room.' });
      return work(...args);
    };
  const disk = {
    ...store,
    create: guard(store.create),
    update: guard(store.update),
    acquireLease: guard(store.acquireLease),
    releaseLease: guard(store.releaseLease),
  };
  return {
    disk,
    directory,
    fill() {
      full = true;
    },
  };
}

for (const { title, run } of storeChecks) {
  test(`while the disk takes it: ${title}`, (context) =>
    run(async () => {
      const store = await openSqliteStoreOrMemory({ directory: freshDirectory() });
      return { open: () => store, passTime: () => undefined };
    }).catch((error) => {
      if (/cannot do that yet/.test(error.message)) context.skip();
      throw error;
    }));
  test(`on a full disk: ${title}`, (context) =>
    run(async () => {
      const { disk, fill } = await fillable();
      fill();
      const store = createUnsavedStore(disk, () => undefined);
      return { open: () => store, passTime: () => undefined };
    }).catch((error) => {
      if (/cannot do that yet/.test(error.message)) context.skip();
      throw error;
    }));
}

test('a home that cannot be used is said at once, and the work goes on in memory', async () => {
  const directory = freshDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'taken'), '');
  const notices: string[] = [];
  const store = await openSqliteStoreOrMemory({
    directory: join(directory, 'taken'),
    onNotice: (text) => notices.push(text),
  });
  expect(notices).toEqual([expect.stringMatching(/^NOT SAVED: .*MCP_TASKS_HOME/)]);
  await store.create(sampleRecord({ id: 'a1' }));
  expect((await store.list()).map((record) => record.id)).toEqual(['a1']);
  await store.close();
});

test('a disk that fills up on the way: each task that is not saved is told once, and goes on under its lease', async () => {
  const { disk, fill } = await fillable();
  const unsaved: string[] = [];
  const store = createUnsavedStore(disk, (record: TaskRecord) => unsaved.push(record.id));
  await store.create(sampleRecord({ id: 'before', createdAt: 1 }));
  const lease = await store.acquireLease('before', 'mona', 0, 1_000);
  const { sequence } = await store.changesSince(0);
  fill();
  await store.create(sampleRecord({ id: 'after', createdAt: 2 }));
  const moved = await store.update('before', (record) => ({ ...record, tool: 'newer' }), lease);
  expect(moved?.tool).toBe('newer');
  expect((await store.update('before', (record) => ({ ...record, tool: 'newest' }), lease))?.tool).toBe('newest');
  expect(await store.acquireLease('before', 'otto', 1, 1_000)).toBeUndefined();
  expect((await store.list()).map((record) => [record.id, record.tool])).toEqual([
    ['after', 'deploy'],
    ['before', 'newest'],
  ]);
  expect((await store.changesSince(sequence)).changed.map((record) => record.id)).toEqual(['after', 'before']);
  expect(unsaved).toEqual(['after', 'before']);
  expect((await disk.read('before'))?.tool).toBe('deploy');
  await store.close();
});

test('an error that is not of the store is no reason to go on without it', async () => {
  const store = createUnsavedStore(createMemoryStore(), () => undefined);
  await store.create(sampleRecord({ id: 'a1' }));
  await expect(store.create(sampleRecord({ id: 'a1' }))).rejects.toMatchObject({ code: 'ambiguous-id' });
  await store.close();
});
