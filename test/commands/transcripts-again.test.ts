import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { Pool } from 'pg';
import { afterAll, beforeAll, test } from 'vitest';
import { createTaskManager } from '../jobs/task-manager.ts';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';
import { type Demo, freshHome, idOf, run, serveDemo } from './support.ts';
import { Transcript } from './transcript.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('rerun repeats a settled call at once, and asks before a call that may have run', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await run(['call', demo.url, 'report', '--arg', 'topic=whales'], { home });
  const id = await idOf(home, 'report');
  await script.piped('rerun', id);
  await script.piped('rerun', id, '--yes');
  await script.typed(['rerun', id]);
  await loseCall(home, id);
  await script.typed(['rerun', id], async (tty) => {
    await tty.waitFor('Call report again? [y/N]');
    tty.write('n\r');
  });
  await script.typed(['rerun', id], async (tty) => {
    await tty.waitFor('Call report again? [y/N]');
    tty.write('y\r');
  });
  await script.piped('get', id);
  await script.piped('rerun', 'zzzz', '--yes');
  await script.matches('rerun');
});

/** Changes the record as if the connection had dropped before the reply. */
async function loseCall(home: string, id: string): Promise<void> {
  const store = await openSqliteStore({ directory: join(home, 'state') });
  const contact = { kind: 'lost', since: Date.now() } as const;
  await store.update(id, (record) => ({ ...record, phase: 'intent', status: 'unknown', outcome: null, contact }));
  await store.close();
}

test('follow lists the open items of a board, follows an item to its question, and drafts mappings', async () => {
  const { home, first, second, done } = await createTaskManager();
  const script = new Transcript({ home });
  await script.piped('follow', 'board');
  await script.typed(['follow', 'board']);
  await script.piped('follow', 'board', 'itme');
  await script.piped('follow', 'board', 'item', first, '--detach');
  await done(second);
  await script.piped('follow', 'board', 'item', second);
  await script.typed(['follow', 'board', 'item', second], async (tty) => {
    await tty.waitFor('[ Accept ]');
    tty.press('ctrlC');
  });
  await script.piped('follow', 'board', '--suggest');
  await script.matches('follow');
});

test('workers lists the processes that hold leases on this machine', async () => {
  const script = new Transcript({ home: freshHome() });
  await script.piped('workers');
  await script.typed(['workers']);
  await script.piped('workers', '--json');
  await script.piped('store', 'migrate');
  await script.piped('store', 'migrate', '--store', 'mysql://db.example/tasks');
  await script.piped('store', 'upgrade');
  await script.matches('workers-and-store');
});

test.skipIf(!isPostgresHere())(
  'store migrate creates the tables of a shared store that other commands need',
  async () => {
    const database = `transcript_${randomBytes(6).toString('hex')}`;
    const shared = await sharedPostgres();
    const admin = new Pool({ connectionString: shared });
    await admin.query(`CREATE DATABASE ${database}`);
    await admin.end();
    const { href } = new URL(`/${database}`, shared);
    const script = new Transcript({
      home: freshHome(),
      env: { MCP_TASKS_STORE: href },
      replacements: { [database]: 'tasks' },
    });
    await script.piped('list');
    await script.piped('store', 'migrate');
    await script.typed(['store', 'migrate']);
    await script.piped('store', 'migrate', '--json');
    await script.piped('workers');
    await script.typed(['list']);
    await script.matches('shared-store');
  },
);
