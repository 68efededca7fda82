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
import { recordChecks } from '../../packages/client/src/testing/store-checks-records.ts';
import { storeChecks } from '../../packages/client/src/testing/store-conformance.ts';
import { systemClock } from '../../packages/client/src/worker/system-clock.ts';
import { freshDirectory } from './support.ts';

const WRITES = ['create', 'update', 'updateMany', 'renew', 'claim', 'release'] as const;

/** A real store on a disk that may be full: reads work, writes fail. */
async function createFillableDisk(): Promise<{ readonly disk: TaskStore; fill(): void; readonly directory: string }> {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory });
  let full = false;
  const disk = new Proxy(store, {
    get(target, name: keyof typeof store) {
      const isWrite = (WRITES as readonly string[]).includes(name);
      if (!full || !isWrite) return target[name];
      return async (id: unknown) => {
        if (name === 'update' && (await store.read(`${id}`)) === undefined) return undefined;
        throw new TaskError('store-unwritable', 'database or disk is full', { hint: 'Make room.' });
      };
    },
  });
  return {
    disk,
    directory,
    fill() {
      full = true;
    },
  };
}

for (const { title, run } of storeChecks) {
  test(`on a working disk: ${title}`, () =>
    run(() => {
      const directory = freshDirectory();
      let instant = 1_700_000_000_000;
      return {
        open: () => openSqliteStoreOrMemory({ directory, clock: { ...systemClock, now: () => instant } }),
        passTime(ms) {
          instant += ms;
        },
      };
    }));
}

for (const { title, check } of recordChecks) {
  test(`on a full disk: ${title}`, async () => {
    const { disk, fill } = await createFillableDisk();
    fill();
    const store = createUnsavedStore(disk, () => undefined);
    await check(store);
    await store.close();
  });
}

test('an unusable home is reported at once, and tasks are kept in memory', async () => {
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
  expect((await store.list()).records.map((record) => record.id)).toEqual(['a1']);
  await store.close();
});

test('on a full disk, new tasks live in memory with a notice, and saved tasks are not driven from memory', async () => {
  const { disk, fill } = await createFillableDisk();
  const unsaved: string[] = [];
  const store = createUnsavedStore(disk, (record, _problem, where) => unsaved.push(`${record.id} on ${where}`));
  await store.create(sampleRecord({ id: 'before', createdAt: 1 }));
  const [before] = await store.claim({ owner: 'mona', limit: 1 });
  fill();
  await store.create(sampleRecord({ id: 'after', createdAt: 2 }));
  const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: 'newer' });
  await expect(store.update('before', rename, before?.lease)).rejects.toMatchObject({ code: 'store-unwritable' });
  await expect(store.renew('mona')).rejects.toMatchObject({ code: 'store-unwritable' });
  const [after] = await store.claim({ owner: 'mona', limit: 9 });
  expect(after?.lease).toMatchObject({ id: 'after', owner: 'mona', unsaved: true });
  expect((await store.updateMany([{ id: 'after', change: rename, lease: after!.lease }]))[0]?.tool).toBe('newer');
  expect((await store.list()).records.map((record) => [record.id, record.tool])).toEqual([
    ['after', 'newer'],
    ['before', 'deploy'],
  ]);
  expect(unsaved).toEqual(['after on memory', 'before on disk']);
  expect(await disk.read('after')).toBeUndefined();
  await store.close();
});

test('an error that the disk did not cause moves no task into memory', async () => {
  const store = createUnsavedStore(createMemoryStore(), () => undefined);
  await store.create(sampleRecord({ id: 'a1' }));
  await expect(store.create(sampleRecord({ id: 'a1' }))).rejects.toMatchObject({ code: 'ambiguous-id' });
  await store.close();
});
