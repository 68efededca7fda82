import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskRecord } from '@mcp-tasks/client';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../packages/client/src/store/postgres/database.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { embeddedPrograms } from '../support/postgres/find-programs.ts';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';
import { startPostgres } from '../support/postgres/start-server.ts';
import { type SchemaUnderTest, schemaUnderTest } from '../support/postgres/under-test.ts';

const onPostgres = test.skipIf(!isPostgresHere());
const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: `${record.tool}!` });

async function setUp(): Promise<SchemaUnderTest> {
  const setting = await schemaUnderTest(await sharedPostgres());
  onTestFinished(() => setting.end());
  return setting;
}

/** Ends the database sessions with the liveness locks of stores; resolves when the locks are gone. */
async function cutSessions({ pool, schema }: SchemaUnderTest): Promise<number> {
  const held = `FROM pg_locks l JOIN ${schema}.workers w
    ON (l.classid::bigint << 32) | l.objid::bigint = w.lock_key WHERE l.locktype = 'advisory'`;
  const { rowCount } = await pool.query(`SELECT pg_terminate_backend(l.pid) ${held}`);
  await expect.poll(async () => (await pool.query(`SELECT 1 ${held}`)).rowCount).toBe(0);
  return rowCount ?? 0;
}

function collectMail(store: Awaited<ReturnType<SchemaUnderTest['open']>>, owner: string) {
  const received: string[] = [];
  const end = store.onMail({ owner }, (ids) => received.push(...(ids ?? ['everything'])));
  onTestFinished(end);
  return received;
}

/** Waits for the liveness lock: its session opens beside the first heartbeat, and the next heartbeat records it. */
async function isLocked({ pool, schema }: SchemaUnderTest, renew: () => Promise<unknown>): Promise<void> {
  await expect
    .poll(async () => {
      await renew();
      const { rows } = await pool.query<{ held: boolean }>(
        `SELECT bool_and(lock_key IS NOT NULL) AS held FROM ${schema}.workers`,
      );
      return rows[0]?.held;
    })
    .toBe(true);
}

onPostgres('without LISTEN, mail arrives by polling', async () => {
  const setting = await setUp();
  const ages: number[] = [];
  const onMailTaken = (latencyMs: number): void => void ages.push(latencyMs);
  const store = await setting.open({ listen: false, onMailTaken });
  const other = await setting.open({ listen: false });
  await store.create(sampleRecord({ id: 'a1' }));
  await store.claim({ owner: 'mona', limit: 1 });
  const received = collectMail(store, 'mona');
  await other.update('a1', rename);
  await expect.poll(() => received).toEqual(['a1']);
  expect(ages).toHaveLength(1);
  await Promise.all([store.close(), other.close()]);
});

onPostgres('a store whose session is cut reports doubt, rechecks every task, and receives mail again', async () => {
  const setting = await setUp();
  const [store, other] = [await setting.open(), await setting.open()];
  await store.create(sampleRecord({ id: 'a1' }));
  await store.claim({ owner: 'mona', limit: 1 });
  await isLocked(setting, () => store.renew('mona'));
  const received = collectMail(store, 'mona');
  let doubts = 0;
  store.onDoubt?.(() => {
    doubts += 1;
  });
  expect(await cutSessions(setting)).toBe(1);
  await expect.poll(() => received).toEqual(['everything']);
  expect(doubts).toBe(1);
  await other.update('a1', rename);
  await expect.poll(() => received).toEqual(['everything', 'a1']);
  await Promise.all([store.close(), other.close()]);
});

onPostgres(
  'a task whose owner lost its session can be claimed one second after the heartbeat, not before',
  async () => {
    const setting = await setUp();
    const [store, other] = [await setting.open(), await setting.open()];
    await store.create(sampleRecord({ id: 'a1' }));
    await store.claim({ owner: 'mona', limit: 1 });
    await isLocked(setting, () => store.renew('mona'));
    await setting.passTime(9_000);
    expect(await other.claim({ owner: 'otto', limit: 1 })).toEqual([]);
    await store.renew('mona');
    await cutSessions(setting);
    await setting.passTime(900);
    expect(await other.claim({ owner: 'otto', limit: 1 })).toEqual([]);
    await setting.passTime(100);
    expect(await other.claim({ owner: 'otto', limit: 1 })).toMatchObject([{ lease: { owner: 'otto', fence: 2 } }]);
    await Promise.all([store.close(), other.close()]);
  },
);

onPostgres('a heartbeat after the session was cut keeps the task for its owner', async () => {
  const setting = await setUp();
  const [store, other] = [await setting.open(), await setting.open()];
  await store.create(sampleRecord({ id: 'a1' }));
  await store.claim({ owner: 'mona', limit: 1 });
  await isLocked(setting, () => store.renew('mona'));
  const doubted = new Promise<void>((resolve) => store.onDoubt?.(resolve));
  await cutSessions(setting);
  await doubted;
  await store.renew('mona');
  await setting.passTime(9_000);
  expect(await other.claim({ owner: 'otto', limit: 1 })).toEqual([]);
  await Promise.all([store.close(), other.close()]);
});

onPostgres('idle connections that break do not affect the store', async () => {
  const setting = await setUp();
  const pool = new Pool({ connectionString: await sharedPostgres(), application_name: setting.schema });
  const store = await openPostgresStore({ pool, schema: setting.schema, listen: false });
  await Promise.all([store.list(), store.list(), store.list()]);
  let left = pool.totalCount;
  const ended = new Promise<void>((resolve) => {
    pool.on('remove', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
  await setting.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    setting.schema,
  ]);
  await ended;
  expect(await store.list()).toEqual({ records: [], skipped: [] });
  await store.close();
  await pool.end();
});

test.skipIf(embeddedPrograms() === undefined)('a store fails while the database restarts, then recovers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-pg-'));
  chmodSync(folder, 0o711);
  const programs = embeddedPrograms();
  if (programs === undefined) return;
  const server = await startPostgres(programs, join(folder, 'cluster'));
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  const pool = new Pool({ connectionString: server.url });
  const store = await openPostgresStore({ pool });
  await store.create(sampleRecord({ id: 'a1' }));
  const [claim] = await store.claim({ owner: 'mona', limit: 1 });
  const received = collectMail(store, 'mona');
  await server.stop();
  await expect(store.renew('mona')).rejects.toMatchObject({ code: 'store-unwritable' });
  await server.start();
  expect(await store.renew('mona')).toMatchObject({ owner: 'mona', share: 1 });
  expect(await store.update('a1', rename, claim?.lease)).toMatchObject({ tool: 'deploy!' });
  received.length = 0;
  await store.update('a1', rename);
  await expect.poll(() => received).toContain('a1');
  await store.close();
  await pool.end();
});

onPostgres('a silent connection fails after ten seconds, and the store continues on another', async () => {
  const setting = await setUp();
  const target = new URL(await sharedPostgres());
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const near = new URL(target);
  near.port = `${(proxy.address() as AddressInfo).port}`;
  const pool = new Pool({ connectionString: near.href });
  const store = await openPostgresStore({ pool, schema: setting.schema, listen: false });
  for (const socket of sockets) socket.unpipe().pause();
  await expect(store.renew('mona')).rejects.toMatchObject({ code: 'store-unwritable' });
  expect(await store.renew('mona')).toMatchObject({ owner: 'mona' });
  await store.close();
  await pool.end();
  for (const socket of sockets) socket.destroy();
  proxy.close();
});

onPostgres('the transaction of a silent process is ended, and its locks are released', async () => {
  const { pool, schema, open } = await setUp();
  const store = await open({ listen: false });
  await store.create(sampleRecord({ id: 'a1' }));
  const database = createDatabase({ pool, schema, tenant: '', isTransactionPooled: false });
  const silent = database.transact(async (query) => {
    await query(`UPDATE ${database.schema}.records SET revision = revision WHERE id = 'a1'`);
    await store.update('a1', rename); // waits for the lock of the surrounding transaction
    await query('SELECT 1');
  });
  await expect(silent).rejects.toMatchObject({ code: 'store-unwritable' });
  expect((await store.read('a1'))?.tool).toBe('deploy!');
  database.close();
  await store.close();
});

/** The next such statement succeeds in the database, and its reply is lost. */
function loseReplyTo(pool: Pool, statement: RegExp): void {
  pool.once('acquire', (client) => {
    const { query } = client;
    client.query = async (...args: unknown[]) => {
      const answer = await Reflect.apply(query, client, args);
      if (statement.test((args[0] as { readonly text: string }).text)) throw new Error('Connection terminated');
      return answer;
    };
  });
}

onPostgres('a claim whose reply was lost is repeated, and an acknowledged claim stays', async () => {
  const { schema } = await setUp();
  const pool = new Pool({ connectionString: await sharedPostgres(), max: 1 });
  const store = await openPostgresStore({ pool, schema, listen: false });
  for (const id of ['a1', 'a2', 'a3']) await store.create(sampleRecord({ id, taskId: `t-${id}` }));
  expect(await store.claim({ owner: 'mona', limit: 1, ids: ['a3'] })).toHaveLength(1);
  loseReplyTo(pool, /^COMMIT$/);
  await expect(store.claim({ owner: 'mona', limit: 5 })).rejects.toMatchObject({ code: 'store-unwritable' });
  expect(await store.ownerOf('a1')).toBe('mona');
  const again = await store.claim({ owner: 'mona', limit: 5 });
  expect(again.map(({ lease }) => [lease.id, lease.fence]).sort()).toEqual([
    ['a1', 2],
    ['a2', 2],
  ]);
  await store.claim({ owner: 'mona', limit: 5 });
  expect(await store.owners()).toMatchObject([{ owner: 'mona', tasks: 3 }]);
  await store.close();
  await pool.end();
});

onPostgres('a record whose creation lost its reply is deleted by the next heartbeat, and its key is free', async () => {
  const { schema } = await setUp();
  const pool = new Pool({ connectionString: await sharedPostgres(), max: 1 });
  const store = await openPostgresStore({ pool, schema, listen: false });
  await store.renew('mona');
  const call = (id: string) => sampleRecord({ id, taskId: null, phase: 'intent', key: 'once' });
  loseReplyTo(pool, /INSERT INTO \S+\.records/);
  await expect(store.create(call('a1'), 'mona')).rejects.toMatchObject({ code: 'store-unwritable' });
  expect(await store.ownerOf('a1')).toBe('mona');
  await store.renew('mona');
  expect(await store.read('a1')).toBeUndefined();
  await store.create(call('a2'), 'mona');
  await store.renew('mona');
  expect(await store.ownerOf('a2')).toBe('mona');
  await store.close();
  await pool.end();
});

onPostgres('a connection that breaks as the pool hands it over ends no process', async () => {
  const { schema } = await setUp();
  const pool = new Pool({ connectionString: await sharedPostgres(), max: 1 });
  const store = await openPostgresStore({ pool, schema, listen: false });
  await pool.query('SELECT 1');
  // The connection breaks while the pool hands it over, when it has no owner.
  pool.once('acquire', (client) => queueMicrotask(() => client.emit('error', new Error('terminated'))));
  expect(await store.list()).toEqual({ records: [], skipped: [] });
  await store.close();
  await pool.end();
});
