import { randomBytes } from 'node:crypto';
import { migratePostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { freshHome, type Run, run } from '../commands/support.ts';
import { startCountingServer } from '../fleet/counting-server.ts';
import { openStore } from '../fleet/open-store.ts';
import { startWorker } from '../fleet/worker-process.ts';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';

const onPostgres = test.skipIf(!isPostgresHere());
const home = freshHome();
const HINT_MS = 600_000;

/** A new database with one task, whose server asks for a poll every ten minutes. */
async function setUp() {
  const shared = await sharedPostgres();
  const name = `get_${randomBytes(6).toString('hex')}`;
  const admin = new Pool({ connectionString: shared, max: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(`/${name}`, shared).href;
  const pool = new Pool({ connectionString: url, max: 1 });
  await migratePostgresStore({ pool });
  await pool.end();
  const at = { kind: 'postgres', url, schema: 'mcp_tasks' } as const;
  const server = await startCountingServer(HINT_MS);
  const { store, close } = await openStore(at);
  const of = { fingerprint: 'fleet', label: 'fleet', target: { kind: 'url', url: server.url } } as const;
  await store.create(sampleRecord({ id: 'works', taskId: 't1', server: of, pollIntervalMs: HINT_MS }));
  onTestFinished(async () => {
    server.stop();
    await close();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });
  const tasks = (...args: string[]): Promise<Run> => run(args, { home, env: { MCP_TASKS_STORE: url } });
  return { at, server, store, tasks };
}

onPostgres('get makes the lease holder of the task poll now, and shows the response', async () => {
  const { at, server, store, tasks } = await setUp();
  const polls: string[] = [];
  server.onPoll = (worker) => void polls.push(worker);
  const worker = startWorker({ name: 'mona', store: at });
  onTestFinished(async () => {
    worker.signal('SIGKILL');
    await worker.ended;
  });
  await expect.poll(async () => (await store.read('works'))?.history.length).toBeGreaterThan(0);
  const before = Date.now();
  const { code, stdout, stderr } = await tasks('get', 'works', '--json');
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('as of')]);
  expect(Date.parse(JSON.parse(stdout).task.observedAt)).toBeGreaterThanOrEqual(before);
  expect(polls).toEqual(['mona', 'mona']);
  expect((await tasks('get', 'works')).stdout).toContain('last update');
  expect(polls).toEqual(['mona', 'mona']);
});

onPostgres(
  'get without a worker shows the record at once with its age, and reports that no worker is running',
  async () => {
    const { at, store, tasks } = await setUp();
    const worker = startWorker({ name: 'mona', store: at });
    await expect.poll(async () => (await store.read('works'))?.history.length).toBeGreaterThan(0);
    worker.signal('SIGKILL');
    await worker.ended;
    await store.update('works', (record) => ({ ...record, observedAt: Date.now() - 300_000, nextPollAt: 0 }));
    const { code, stdout, stderr } = await tasks('get', 'works');
    expect([code, stderr]).toEqual([0, expect.stringContaining('works  no worker is running')]);
    expect(stdout).toMatch(/last update +5 min/);
    expect((await tasks('get', 'works', '--json')).stderr).toMatch(/works {2}as of 5 min/);
  },
);

onPostgres('forget makes the worker drop the task at once, and the server gets no further poll', async () => {
  const { at, server, store, tasks } = await setUp();
  const held: number[] = [];
  const worker = startWorker({ name: 'mona', store: at }, (line) => void ('held' in line && held.push(line.held)));
  onTestFinished(async () => {
    worker.signal('SIGKILL');
    await worker.ended;
  });
  await expect.poll(async () => (await store.read('works'))?.history.length).toBeGreaterThan(0);
  await expect.poll(() => held.at(-1)).toBe(1);
  const polls: string[] = [];
  server.onPoll = (name) => void polls.push(name);
  expect((await tasks('forget', 'works')).code).toBe(0);
  await expect.poll(() => held.at(-1)).toBe(0);
  expect(polls).toEqual([]);
});
