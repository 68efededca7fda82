import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { type StoreUnderTest, storeChecks } from '../testing/store-conformance.ts';
import { systemClock } from '../worker/system-clock.ts';
import { openSqliteStore, type RecordCodec } from './sqlite-store.ts';

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

test('a codec encodes the stored text of a record; undecodable text is listed as skipped and kept', async () => {
  const directory = join(root, 'coded');
  const record = sampleRecord({ id: 'a1', arguments: { password: 'hunter2' } });
  const codec: RecordCodec = {
    encode: (text) => Buffer.from(text).toString('base64'),
    decode(stored) {
      if (stored.startsWith('{')) throw new Error('not of this codec');
      return Buffer.from(stored, 'base64').toString();
    },
  };
  const coded = await openSqliteStore({ directory, codec });
  await coded.create(record);
  const plain = await openSqliteStore({ directory });
  expect(await plain.list()).toEqual({ records: [], skipped: [{ id: 'a1', reason: 'it is not JSON' }] });
  await plain.create(sampleRecord({ id: 'b1', createdAt: 1 }));
  expect(await coded.list()).toEqual({ records: [record], skipped: [{ id: 'b1', reason: 'it cannot be decoded' }] });
  expect((await coded.claim({ owner: 'mona', limit: 9 })).map((claim) => claim.record)).toEqual([record]);
  await coded.close();
  await plain.close();
  const stored = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'));
  expect(stored.join('')).not.toContain('hunter2');
});

test('a reopened store has its records and fences, and the leases of its owners are free', async () => {
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

test('a heartbeat waits, like every write, while another process writes', async () => {
  const store = await openSqliteStore({ directory: join(root, 'busy') });
  await store.renew('mona');
  const other = new Database(store.file);
  other.exec('BEGIN IMMEDIATE');
  const renewing = store.renew('mona'); // its first attempt has found the store busy when this returns
  other.exec('COMMIT');
  expect((await renewing)?.owner).toBe('mona');
  other.close();
  await store.close();
});
