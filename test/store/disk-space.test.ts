import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { freshDirectory } from './support.ts';

const client = createRequire(new URL('../../packages/client/package.json', import.meta.url));
const Database = client('libsql') as typeof import('../../packages/client/node_modules/libsql/types/index.js');

async function createFilledStore(directory: string) {
  const store = await openSqliteStore({ directory, durable: false });
  const text = 'x'.repeat(50_000);
  for (let count = 0; count < 40; count += 1) {
    await store.create(sampleRecord({ id: `a${count}`, phase: 'settled', updatedAt: 5, arguments: { text } }));
  }
  await store.create(sampleRecord({ id: 'open', updatedAt: 5 }));
  return store;
}

const sizeOf = (directory: string): number => statSync(join(directory, 'tasks.db')).size;

test('pruning frees the disk space of deleted records', async () => {
  const directory = freshDirectory();
  await (await createFilledStore(directory)).close();
  expect(sizeOf(directory)).toBeGreaterThan(2_000_000);
  const store = await openSqliteStore({ directory });
  expect(await store.prune(10)).toBe(40);
  expect(sizeOf(directory)).toBeLessThan(200_000);
  expect((await store.list()).records.map(({ id }) => id)).toEqual(['open']);
  await store.close();
});

test('a store created before stores could shrink does so at its first pruning', async () => {
  const directory = freshDirectory();
  mkdirSync(directory, { recursive: true });
  const db = new Database(join(directory, 'tasks.db'));
  db.exec(readFileSync(new URL('./version-1.sql', import.meta.url), 'utf8'));
  db.close();
  const store = await createFilledStore(directory);
  expect(await store.prune(10)).toBe(40);
  await store.close();
  expect(sizeOf(directory)).toBeLessThan(200_000);
});

test('the store keeps at most about 10,000 ids of deleted records', async () => {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory, durable: false });
  const db = new Database(join(directory, 'tasks.db'));
  db.exec(`INSERT INTO removals SELECT 'old' || value, NULL, value FROM generate_series(1, 20000)`);
  db.exec('UPDATE sequence SET value = 20000');
  await store.create(sampleRecord({ id: 'a1' }));
  await store.remove('a1');
  const { count } = db.prepare('SELECT count(*) AS count FROM removals').get() as { count: number };
  expect(count).toBeLessThanOrEqual(10_001);
  db.close();
  await store.close();
});
