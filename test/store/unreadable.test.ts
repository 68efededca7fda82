import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshDirectory } from './support.ts';

const client = createRequire(new URL('../../packages/client/package.json', import.meta.url));
const Database = client('libsql') as typeof import('../../packages/client/node_modules/libsql/types/index.js');

const ODD: Readonly<Record<string, { readonly to: string; readonly reason: RegExp; readonly code: string }>> = {
  later: { to: `json_set(body, '$.version', 2)`, reason: /^it has version 2/, code: 'store-too-new' },
  kind: {
    to: `json_set(body, '$.server.target.kind', 'mesh')`,
    reason: /unknown kind "mesh"$/,
    code: 'store-too-new',
  },
  protocol: { to: `json_set(body, '$.protocol', 'mesh')`, reason: /protocol "mesh" is unknown/, code: 'store-too-new' },
  phase: { to: `json_set(body, '$.phase', 'paused')`, reason: /"paused" is unknown$/, code: 'store-too-new' },
  torn: { to: 'substr(body, 1, 40)', reason: /^it is not JSON$/, code: 'store-corrupt' },
  empty: { to: `'{}'`, reason: /^it has no version$/, code: 'store-corrupt' },
  bare: { to: `json_remove(body, '$.ledger')`, reason: /^its ledger cannot be read$/, code: 'store-corrupt' },
};

function query(directory: string, sql: string): readonly unknown[] {
  const db = new Database(join(directory, 'tasks.db'));
  const statement = db.prepare(sql);
  const rows = statement.reader ? statement.all() : [statement.run()];
  db.close();
  return rows;
}

async function createOddRecords(phase: 'open' | 'settled') {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory });
  for (const id of ['good', ...Object.keys(ODD)]) await store.create(sampleRecord({ id, taskId: `t-${id}`, phase }));
  for (const [id, { to }] of Object.entries(ODD))
    query(directory, `UPDATE records SET body = ${to} WHERE id = '${id}'`);
  return { directory, store, before: query(directory, 'SELECT id, body FROM records ORDER BY id') };
}

test(verifies('O5', 'unreadable records are named in lists and searches, and break neither'), async () => {
  const { store } = await createOddRecords('open');
  const { records, skipped } = await store.list();
  expect(records.map(({ id }) => id)).toEqual(['good']);
  expect(new Map(skipped.map(({ id, reason }) => [id, reason]))).toEqual(
    new Map(Object.entries(ODD).map(([id, { reason }]) => [id, expect.stringMatching(reason)])),
  );
  expect(await store.find('t-torn')).toEqual({
    records: [],
    skipped: [{ id: 'torn', reason: 'it is not JSON' }],
  });
  const pages: string[] = [];
  for (let after: string | undefined = undefined, first = true; first || after !== undefined; first = false) {
    const page = await store.list({}, { limit: 2, after });
    pages.push(...page.records.map(({ id }) => id), ...page.skipped.map(({ id }) => id));
    after = page.next;
  }
  expect(pages.sort()).toEqual(['good', ...Object.keys(ODD)].sort());
  await store.close();
});

test(verifies('O5', 'an unreadable record is refused by id, claimed by no owner, and left unchanged'), async () => {
  const { directory, store, before } = await createOddRecords('open');
  for (const [id, { code }] of Object.entries(ODD)) {
    const refusal = { code, message: expect.stringContaining(id), hint: expect.stringContaining('unchanged') };
    await expect(store.read(id)).rejects.toMatchObject(refusal);
    await expect(store.update(id, (record) => ({ ...record, tool: 'x' }))).rejects.toMatchObject(refusal);
  }
  const claims = await store.claim({ owner: 'mona', limit: 99 });
  expect(claims.map(({ record }) => record.id)).toEqual(['good']);
  expect(query(directory, 'SELECT id, body FROM records ORDER BY id')).toEqual(before);
  await store.close();
});

test(verifies('O5', 'pruning keeps the records of a newer version'), async () => {
  const { store } = await createOddRecords('settled');
  expect(await store.prune(Number.MAX_SAFE_INTEGER)).toBeGreaterThanOrEqual(1);
  const { skipped } = await store.list();
  expect(skipped.map(({ id }) => id)).toEqual(expect.arrayContaining(['later', 'kind', 'protocol', 'phase']));
  await store.close();
});
