import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { type StoreUnderTest, storeChecks } from '../testing/store-conformance.ts';
import { systemClock } from '../worker/system-clock.ts';
import { openSqliteStore } from './sqlite-store.ts';

const root = mkdtempSync(join(tmpdir(), 'mcp-tasks-store-'));
let count = 0;
afterAll(() => rm(root, { recursive: true, force: true }));

function sqliteUnderTest(): StoreUnderTest {
  const directory = join(root, `${count++}`);
  let instant = 1_700_000_000_000;
  return {
    open: () => openSqliteStore({ directory, clock: { ...systemClock, now: () => instant } }),
    passTime(ms) {
      instant += ms;
    },
  };
}

for (const { title, run } of storeChecks) test(title, () => run(sqliteUnderTest));

test('a store that is closed and opened again holds its records and fences, and what its owners held is free', async () => {
  const directory = join(root, 'again');
  const record = sampleRecord({ id: 'a1', taskId: 't' });
  const first = await openSqliteStore({ directory });
  await first.create(record);
  const [before] = await first.claim({ owner: 'mona', limit: 1 });
  await first.close();
  const second = await openSqliteStore({ directory });
  expect(await second.read('a1')).toEqual(record);
  expect(await second.owners()).toEqual([]);
  const [after] = await second.claim({ owner: 'otto', limit: 1 });
  expect(after?.lease).toEqual({ id: 'a1', owner: 'otto', fence: before!.lease.fence + 1 });
  await second.close();
});
