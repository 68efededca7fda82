import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { storeChecks } from '../testing/store-conformance.ts';
import { openSqliteStore } from './sqlite-store.ts';

const root = mkdtempSync(join(tmpdir(), 'mcp-tasks-store-'));
let count = 0;
const fresh = () => {
  const directory = join(root, `${count++}`);
  return { open: () => openSqliteStore({ directory }), passTime: () => undefined };
};
afterAll(() => rm(root, { recursive: true, force: true }));

for (const { title, run } of storeChecks) {
  test(title, (context) =>
    run(fresh).catch((error) => {
      if (error.code === 'unsupported' || /notYet|cannot do that yet/.test(error.message)) context.skip();
      throw error;
    }),
  );
}

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
