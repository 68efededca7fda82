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

test('a store that is closed and opened again holds its records, leases and sequence', async () => {
  const directory = join(root, 'again');
  const first = await openSqliteStore({ directory });
  await first.create(sampleRecord({ id: 'a1', taskId: 't' }));
  const lease = await first.acquireLease('a1', 'mona', 0, 1_000);
  const { sequence } = await first.changesSince(0);
  await first.close();
  const second = await openSqliteStore({ directory });
  expect(await second.read('a1')).toEqual(sampleRecord({ id: 'a1', taskId: 't' }));
  expect(await second.leaseOf('a1')).toEqual(lease);
  expect(await second.changesSince(sequence)).toEqual({ sequence, changed: [], removed: [] });
  await second.close();
});
