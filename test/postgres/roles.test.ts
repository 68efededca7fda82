import { randomBytes } from 'node:crypto';
import type { TaskRecord } from '@mcp-tasks/client';
import { migratePostgresStore, openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';

const onPostgres = test.skipIf(!isPostgresHere());
const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: `${record.tool}!` });

/** A schema with roles that may work and answer, each with its own pool. */
async function setUp() {
  const url = await sharedPostgres();
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const admin = new Pool({ connectionString: url, max: 2 });
  const pools: Pool[] = [admin];

  async function poolOf(role: string): Promise<Pool> {
    await admin.query(`CREATE ROLE ${role} LOGIN`);
    const own = new URL(url);
    own.username = role;
    const pool = new Pool({ connectionString: own.href, max: 3 });
    pools.push(pool);
    return pool;
  }

  const [worker, answerer, stranger] = [`${schema}_w`, `${schema}_a`, `${schema}_s`];
  const work = await poolOf(worker);
  const answer = await poolOf(answerer);
  const unprivileged = await poolOf(stranger);
  onTestFinished(async () => {
    await admin.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await admin.query(`DROP ROLE ${worker}, ${answerer}, ${stranger}`);
    for (const pool of pools) await pool.end();
  });
  return { admin, schema, work, answer, unprivileged, grants: { work: [worker], answer: [answerer] } };
}

onPostgres('a role that may not create tables gets an error that names store migrate', async () => {
  const { schema, unprivileged } = await setUp();
  await expect(openPostgresStore({ pool: unprivileged, schema })).rejects.toMatchObject({
    code: 'store-unwritable',
    hint: 'Create or update them with a role that may: mcp-tasks store migrate',
  });
});

onPostgres('a store that a newer version migrated is refused', async () => {
  const { admin, schema } = await setUp();
  await migratePostgresStore({ pool: admin, schema });
  await admin.query(`INSERT INTO ${schema}.migrations (version) VALUES (99)`);
  await expect(openPostgresStore({ pool: admin, schema })).rejects.toMatchObject({ code: 'store-too-new' });
  await expect(migratePostgresStore({ pool: admin, schema })).rejects.toMatchObject({ code: 'store-too-new' });
});

onPostgres('many processes that migrate at once create one store', async () => {
  const { admin, schema, grants } = await setUp();
  await Promise.all(Array.from({ length: 5 }, () => migratePostgresStore({ pool: admin, schema, grants })));
  const store = await openPostgresStore({ pool: admin, schema });
  expect(await store.list()).toEqual({ records: [], skipped: [] });
  await store.close();
});

onPostgres('many processes that open a store on an empty database at once create one store', async () => {
  const { schema } = await setUp();
  const connectionString = await sharedPostgres();
  const pools = Array.from({ length: 6 }, () => new Pool({ connectionString, max: 1 }));
  const stores = await Promise.all(pools.map((pool) => openPostgresStore({ pool, schema, listen: false })));
  for (const store of stores) expect(await store.list()).toEqual({ records: [], skipped: [] });
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(pools.map((pool) => pool.end()));
});

onPostgres('a worker role drives tasks, and an answerer role only reads and updates them', async () => {
  const { admin, schema, work, answer, grants } = await setUp();
  await migratePostgresStore({ pool: admin, schema, grants });
  const [worker, person] = await Promise.all([
    openPostgresStore({ pool: work, schema, tenant: 'acme' }),
    openPostgresStore({ pool: answer, schema, tenant: 'acme' }),
  ]);
  await worker.create(sampleRecord({ id: 'a1' }));
  const [claim] = await worker.claim({ owner: 'mona', limit: 1 });
  const mail = new Promise((resolve) => worker.onMail({ owner: 'mona' }, resolve));
  expect(await person.update('a1', rename)).toMatchObject({ tool: 'deploy!' });
  expect(await mail).toEqual(['a1']);
  expect((await person.list({ open: true })).records).toHaveLength(1);
  expect(await person.ownerOf('a1')).toBe('mona');
  expect(await person.post?.({ kind: 'look', id: 'a1' })).toBe(true);
  const refused = { code: 'store-unwritable' };
  await expect(person.create(sampleRecord({ id: 'a2' }))).rejects.toMatchObject(refused);
  await expect(person.claim({ owner: 'otto', limit: 1 })).rejects.toMatchObject(refused);
  await expect(person.remove('a1')).rejects.toMatchObject(refused);
  await expect(person.leave('mona')).rejects.toMatchObject(refused);
  expect(await worker.update('a1', rename, claim?.lease)).toMatchObject({ tool: 'deploy!!' });
  await Promise.all([worker.close(), person.close()]);
});

onPostgres(
  'a tenant sees, claims and counts only its own tasks, also in statements without a tenant filter',
  async () => {
    const { admin, schema, work, grants } = await setUp();
    await migratePostgresStore({ pool: admin, schema, grants });
    const acme = await openPostgresStore({ pool: work, schema, tenant: 'acme' });
    const zeta = await openPostgresStore({ pool: work, schema, tenant: 'zeta' });
    await acme.create(sampleRecord({ id: 'a1', taskId: 't', key: 'deploy' }));
    await zeta.create(sampleRecord({ id: 'a1', taskId: 't', key: 'deploy', tool: 'other' }));
    expect((await acme.list()).records.map(({ tool }) => tool)).toEqual(['deploy']);
    expect(await zeta.read('a1')).toMatchObject({ tool: 'other' });
    expect((await zeta.claim({ owner: 'mona', limit: 9 })).map(({ record }) => record.tool)).toEqual(['other']);
    expect(await acme.owners()).toEqual([]);
    expect(await acme.renew('mona')).toMatchObject({ share: 1 });
    const client = await work.connect();
    await client.query("SELECT set_config('mcp_tasks.tenant', 'zeta', false)");
    expect((await client.query(`SELECT tenant FROM ${schema}.records`)).rows).toEqual([{ tenant: 'zeta' }]);
    await expect(client.query(`UPDATE ${schema}.records SET tenant = 'acme'`)).rejects.toThrow(/row-level security/);
    client.release(true);
    await Promise.all([acme.close(), zeta.close()]);
  },
);

onPostgres(
  'a task with an audience is readable by all, but writable only by the audience and workers, also in raw SQL',
  async () => {
    const { admin, schema, work, answer, grants } = await setUp();
    await migratePostgresStore({ pool: admin, schema, grants });
    const [worker, web] = await Promise.all([
      openPostgresStore({ pool: work, schema }),
      openPostgresStore({ pool: answer, schema }),
    ]);
    await worker.create(sampleRecord({ id: 'a1', taskId: 't1', audience: ['anna', 'release'] }));
    await worker.create(sampleRecord({ id: 'a2', taskId: 't2' }));
    const stores = {
      nobody: web,
      bob: web.actingFor?.({ name: 'bob', groups: ['sales'] }),
      anna: web.actingFor?.({ name: 'anna' }),
      carl: web.actingFor?.({ name: 'carl', groups: ['release'] }),
      worker,
      'a worker as bob': worker.actingFor?.({ name: 'bob' }),
    };
    const canWrite: Record<string, boolean[]> = {};
    for (const [who, store] of Object.entries(stores)) {
      expect((await store?.list())?.records).toHaveLength(2);
      const saved = await Promise.all(['a1', 'a2'].map((id) => store?.update(id, rename)));
      canWrite[who] = saved.map((record) => record !== undefined);
    }
    expect(canWrite).toEqual({
      nobody: [false, true],
      bob: [false, true],
      anna: [true, true],
      carl: [true, true],
      worker: [true, true],
      'a worker as bob': [false, true],
    });
    const client = await answer.connect();
    await client.query("SELECT set_config('mcp_tasks.people', '', false)");
    const raw = await client.query(`UPDATE ${schema}.records SET body = 'mine' WHERE id = 'a1'`);
    client.release(true);
    expect(raw.rowCount).toBe(0);
    await Promise.all([worker.close(), web.close()]);
  },
);
