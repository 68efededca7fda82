import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTaskWorker, type Outcome, type TaskWorker } from '@mcp-tasks/client';
import { migratePostgresStore, openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { createScriptedConnection } from '@mcp-tasks/client/testing';
import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { freshHome, type Run, run, start } from '../commands/support.ts';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';

const onPostgres = test.skipIf(!isPostgresHere());
const home = freshHome();
const question = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Approve?', requestedSchema: { type: 'object', properties: {} } },
};
const database = `commands_${randomBytes(6).toString('hex')}`;
let pool: Pool;
let url: string;

beforeAll(async () => {
  if (!isPostgresHere()) return;
  const shared = await sharedPostgres();
  const admin = new Pool({ connectionString: shared });
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  url = new URL(`/${database}`, shared).href;
  pool = new Pool({ connectionString: url });
});
afterAll(() => pool?.end());
beforeEach(async () => {
  if (isPostgresHere()) await pool.query('DROP SCHEMA IF EXISTS mcp_tasks CASCADE');
});

const tasks = (...args: string[]): Promise<Run> => run(args, { home, env: { MCP_TASKS_STORE: url } });

/** A worker on a server with two tasks: `asks` completes after an answer, `works` can be cancelled. */
async function startWorker(audience?: readonly string[]): Promise<TaskWorker> {
  const store = await openPostgresStore({ pool });
  await store.create(sampleRecord({ id: 'asks', taskId: 't-asks', pollIntervalMs: 50, audience }));
  await store.create(sampleRecord({ id: 'works', taskId: 't-works', pollIntervalMs: 50 }));
  const statuses = new Map<string, object>([
    ['t-asks', { status: 'input_required', inputRequests: { approve: question } }],
  ]);
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const worker = createTaskWorker({
    store,
    connect: async () =>
      createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method, params }) => {
        const taskId = String(params.taskId);
        if (method === 'tasks/update') statuses.set(taskId, { status: 'completed', result: { content: [] } });
        if (method === 'tasks/cancel') statuses.set(taskId, { status: 'cancelled' });
        if (method !== 'tasks/get') return {};
        return { taskId, ttlMs: null, pollIntervalMs: 50, status: 'working', ...statuses.get(taskId) };
      }),
  });
  await expect.poll(async () => (await store.list({ asking: true })).records.length).toBe(1);
  onTestFinished(async () => {
    await worker[Symbol.asyncDispose]();
    await store.close();
  });
  return worker;
}

onPostgres('only store migrate creates the tables of a store', async () => {
  const before = await tasks('list');
  expect([before.code, before.stderr]).toEqual([1, expect.stringContaining('mcp-tasks store migrate')]);
  expect((await tasks('store', 'migrate')).stdout).toBe('The tables are up to date.\n');
  expect(await tasks('list')).toMatchObject({ code: 0, stdout: '' });
});

onPostgres('tasks of a fleet are listed, answered, cancelled and waited for by mail', async () => {
  const worker = await startWorker();
  expect((await tasks('list', '-q')).stdout.split('\n').filter(Boolean).sort()).toEqual(['asks', 'works']);
  expect((await tasks('get', 'asks')).stdout).toContain('Approve?');
  const workers = JSON.parse((await tasks('workers', '--json')).stdout);
  expect(workers).toMatchObject({ workers: [{ worker: worker.owner, tasks: 2 }] });
  const waiting = tasks('wait', 'asks', '--keep-waiting');
  expect(await tasks('answer', 'asks', 'approve', '--accept')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('reached the server'),
  });
  expect(await waiting).toMatchObject({ code: 0, stderr: expect.stringContaining('completed') });
  expect(await tasks('result', 'asks', '--json')).toMatchObject({ code: 0 });
  expect(await tasks('cancel', 'works')).toMatchObject({ code: 0 });
  expect(await tasks('wait', 'works')).toMatchObject({ code: 1, stderr: expect.stringContaining('cancelled') });
  expect(await tasks('forget', 'works')).toMatchObject({ code: 0 });
  expect((await tasks('list', '-q', '--all')).stdout).toBe('asks\n');
});

onPostgres(
  'a question with an audience is shown to all and answered only by the audience, and the record names who',
  async () => {
    await startWorker(['anna', 'release']);
    expect((await tasks('list')).stdout).toContain('asks approve (for anna, release): Approve?');
    const asked = (...who: string[]) => tasks('list', '-q', '--status', 'needs-input', ...who);
    expect((await asked('--as', 'bob')).stdout).toBe('');
    expect((await asked('--as', 'bob', '--group', 'release')).stdout).toBe('asks\n');
    const bob = await tasks('answer', 'asks', '--accept', '--as', 'bob');
    expect([bob.code, bob.stderr]).toEqual([2, expect.stringContaining('is for anna, release; nothing was sent')]);
    expect((await tasks('answer', 'asks', '--accept')).code).toBe(2);
    expect((await tasks('answer', 'asks', '--accept', '--as', 'anna')).code).toBe(0);
    const { stdout } = await tasks('get', 'asks', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ task: { answeredBy: { approve: 'anna' } } });
  },
);

onPostgres('watch --jsonl prints the events of a fleet, and ends when every task has settled', async () => {
  await startWorker();
  const watching = start(['watch', '--jsonl'], { home, env: { MCP_TASKS_STORE: url } });
  await watching.waitFor('"event":"question"');
  await tasks('answer', 'asks', '--accept');
  await tasks('cancel', 'works');
  const { code, stdout } = await watching.done;
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(new Set(events.map(({ event }) => event))).toEqual(
    new Set(['status', 'question', 'question-withdrawn', 'settled']),
  );
});

onPostgres('without a worker, wait reports it, and an answer is kept until a worker runs', async () => {
  await migratePostgresStore({ pool });
  const store = await openPostgresStore({ pool });
  const inputRequests = { approve: question };
  const ledger = { approve: { state: 'open', digest: 'd' } } as const;
  await store.create(sampleRecord({ id: 'asks', taskId: 't', status: 'input_required', inputRequests, ledger }));
  const waited = await tasks('wait', 'asks', '--keep-waiting', '--timeout', '8s');
  expect([waited.code, waited.stderr]).toEqual([7, expect.stringContaining('no worker is running')]);
  expect((await tasks('answer', 'asks', '--accept')).code).toBe(4);
  expect((await store.read('asks'))?.ledger.approve?.state).toBe('answering');
  expect((await tasks('workers')).stderr).toContain('No worker is running.');
  expect(await store.owners()).toEqual([]);
  await store.close();
});

onPostgres('no command on a shared store connects to the server of a task or claims a task', async () => {
  const reached: string[] = [];
  const server = createServer((request) => void reached.push(request.url ?? '')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const store = await openPostgresStore({ pool });
  const target = { kind: 'url', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` } as const;
  const of = { fingerprint: 'f', label: 'far', target };
  const outcome: Outcome = { status: 'completed', result: { content: [{ type: 'text', text: 'done' }] } };
  await store.create(sampleRecord({ id: 'works', taskId: 't1', server: of }));
  await store.create(
    sampleRecord({ id: 'done', taskId: 't2', server: of, phase: 'settled', status: 'completed', outcome }),
  );
  expect((await tasks('get', 'works')).stdout).toMatch(/status +working/);
  expect(JSON.parse((await tasks('get', 'works', '--json')).stdout)).toMatchObject({ task: { status: 'working' } });
  expect((await tasks('list')).stdout).toContain('works');
  expect((await tasks('result', 'done')).stdout).toContain('done');
  expect((await tasks('result', 'works')).code).toBe(7);
  expect((await tasks('wait', 'works', '--timeout', '1s')).code).toBe(7);
  expect((await tasks('answer', 'works', '--accept')).code).toBe(2);
  expect((await tasks('cancel', 'works')).code).toBe(4);
  expect((await tasks('workers')).code).toBe(0);
  const watching = tasks('watch', '--jsonl');
  await store.update('works', (record) => ({ ...record, phase: 'settled', status: 'completed', outcome }));
  expect((await watching).code).toBe(0);
  expect(reached).toEqual([]);
  const { rows } = await pool.query('SELECT max(fence) AS fence, count(owner)::int AS held FROM mcp_tasks.records');
  expect(rows).toEqual([{ fence: 0, held: 0 }]);
  await store.close();
});

onPostgres('call is refused on a shared store, and so is a store URL of another database', async () => {
  const called = await tasks('call', 'demo', 'release');
  expect([called.code, called.stderr]).toEqual([2, expect.stringContaining('started by its workers and hosts')]);
  const other = await run(['list', '--store', 'mysql://db/x'], { home });
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('--store is not a URL of PostgreSQL')]);
});
