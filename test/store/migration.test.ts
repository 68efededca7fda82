import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { freshDirectory, spawnChild } from './support.ts';

const client = createRequire(new URL('../../packages/client/package.json', import.meta.url));
const Database = client('libsql') as typeof import('../../packages/client/node_modules/libsql/types/index.js');

function createStore(version: 1 | 2 | 3): string {
  const directory = freshDirectory();
  mkdirSync(directory, { recursive: true });
  const db = new Database(join(directory, 'tasks.db'));
  db.exec(readFileSync(new URL(`./version-${version}.sql`, import.meta.url), 'utf8'));
  db.close();
  return directory;
}

function query<T>(directory: string, sql: string): readonly T[] {
  const db = new Database(join(directory, 'tasks.db'));
  const rows = db.prepare(sql).all() as T[];
  db.close();
  return rows;
}

const schemaOf = (directory: string) =>
  query(directory, 'SELECT type, name, tbl_name FROM sqlite_master ORDER BY name');
const versionOf = (directory: string) =>
  query<{ user_version: number }>(directory, 'PRAGMA user_version')[0]?.user_version;

test('a store of version 1 is migrated with every record, fence and sequence number', async () => {
  const directory = createStore(1);
  const notices: string[] = [];
  const store = await openSqliteStore({ directory, onNotice: (text) => notices.push(text) });
  expect((await store.list()).records.map(({ id, tool, phase }) => [id, tool, phase])).toEqual([
    ['k7f3q2', 'deploy', 'open'],
    ['p2m8xa', 'report', 'settled'],
  ]);
  expect(await store.read('k7f3q2')).toMatchObject({ ledger: { approve: { state: 'acknowledged', digest: 'd1' } } });
  expect((await store.read('p2m8xa'))?.outcome?.result).toEqual({ content: [{ type: 'text', text: 'kept' }] });
  expect(await store.claim({ owner: 'mona', limit: 9 })).toMatchObject([{ lease: { id: 'k7f3q2', fence: 5 } }]);
  await store.create(sampleRecord({ id: 'new' }));
  expect((await store.list({ open: true })).records.map(({ id }) => id)).toEqual(['k7f3q2', 'new']);
  expect(await store.prune(1_690_000_010_000)).toBe(1);
  await store.close();
  expect(notices).toEqual([]);
  expect(readdirSync(directory).filter((name) => name.includes('corrupt'))).toEqual([]);
});

test('a store of version 3 is migrated, and its claims find the records that need a worker', async () => {
  const store = await openSqliteStore({ directory: createStore(3) });
  const claims = await store.claim({ owner: 'mona', limit: 9 });
  expect(claims.map(({ lease }) => [lease.id, lease.fence])).toEqual([['k7f3q2', 2]]);
  expect((await store.list()).records.map(({ id }) => id).sort()).toEqual(['k7f3q2', 'lost42', 'p2m8xa']);
  await store.close();
});

test('a store of version 2 is migrated, with its asking records marked and its unreadable ones named', async () => {
  const store = await openSqliteStore({ directory: createStore(2) });
  const { records, skipped } = await store.list();
  expect(records.map(({ id }) => id)).toEqual(['q4w8ee', 'k7f3q2', 'p2m8xa']);
  expect(skipped).toEqual([{ id: 'broken', reason: 'it is not JSON' }]);
  expect((await store.list({ asking: true })).records.map(({ id }) => id)).toEqual(['q4w8ee']);
  const claims = await store.claim({ owner: 'mona', limit: 9 });
  expect(claims.map(({ lease }) => [lease.id, lease.fence])).toEqual([
    ['k7f3q2', 5],
    ['q4w8ee', 3],
  ]);
  const [open] = records;
  await expect(store.create({ ...open!, id: 'other' })).rejects.toMatchObject({ code: 'ambiguous-id' });
  await store.close();
});

test.each([1, 2] as const)('a migrated store of version %i has the schema of a new store', async (version) => {
  const directory = createStore(version);
  await (await openSqliteStore({ directory })).close();
  const fresh = freshDirectory();
  await (await openSqliteStore({ directory: fresh })).close();
  expect(versionOf(directory)).toBe(versionOf(fresh));
  expect(versionOf(directory)).toBeGreaterThan(1);
  expect(schemaOf(directory)).toEqual(schemaOf(fresh));
});

test('several processes that open an old store at once migrate it once, and all continue', async () => {
  const directory = createStore(1);
  const children = [1, 2, 3, 4].map(() => spawnChild({ kind: 'open', directory }));
  expect(await Promise.all(children.map((child) => child.next()))).toEqual(Array(4).fill('written'));
  await Promise.all(children.map((child) => child.ended));
  const store = await openSqliteStore({ directory });
  expect((await store.list()).records).toHaveLength(6);
  await store.close();
});

test('a list is read in the order of its index, and pruning reads only settled records', async () => {
  const directory = freshDirectory();
  await (await openSqliteStore({ directory })).close();
  const plan = (sql: string) =>
    query<{ detail: string }>(directory, `EXPLAIN QUERY PLAN ${sql}`)
      .map(({ detail }) => detail)
      .join('; ');
  expect(plan('SELECT id FROM records INDEXED BY records_settled WHERE open = 0 AND updated_at < 5')).toContain(
    'records_settled',
  );
  expect(plan('SELECT body FROM records WHERE open >= 1 ORDER BY open DESC, created_at DESC, id')).toMatch(
    /records_listed(?!.*TEMP B-TREE)/,
  );
});
