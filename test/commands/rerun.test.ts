import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Demo, freshHome, idOf, run, serveDemo, stdioDemo, terminal } from './support.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

/** A record of a completed report. */
async function reported(home: string): Promise<string> {
  await run(['call', demo.url, 'report', '--arg', 'topic=whales'], { home });
  return idOf(home, 'report');
}

async function loseCall(home: string, id: string): Promise<void> {
  const store = await openSqliteStore({ directory: join(home, 'state') });
  await store.update(id, (record) => ({
    ...record,
    phase: 'intent',
    status: 'unknown',
    outcome: null,
    contact: { kind: 'lost', since: Date.now() },
  }));
  await store.close();
}

test('rerun repeats the call of a record, and the new record names the old one', async () => {
  const home = freshHome();
  const id = await reported(home);
  const { code, stdout } = await run(['rerun', id, '--yes', '--json'], { home });
  const { task, outcome } = JSON.parse(stdout);
  expect([code, task.rerunOf, task.tool, task.arguments]).toEqual([0, id, 'report', { topic: 'whales' }]);
  expect(task.id).not.toBe(id);
  expect(outcome.status).toBe('completed');
});

test('rerun of a call under a keeper also names the old record', async () => {
  const home = freshHome();
  await run(['call', 'report', '--arg', 'topic=whales', ...stdioDemo(home)], { home });
  const id = await idOf(home, 'report');
  const { code, stdout } = await run(['rerun', id, '--yes', '--json'], { home });
  const { task, outcome } = JSON.parse(stdout);
  expect([code, task.rerunOf, task.arguments]).toEqual([0, id, { topic: 'whales' }]);
  expect(outcome.status).toBe('completed');
});

test('rerun without a terminal requires --yes, and sends nothing without it', async () => {
  const home = freshHome();
  const id = await reported(home);
  const { code, stderr } = await run(['rerun', id], { home });
  expect([code, stderr]).toEqual([2, expect.stringContaining(`mcp-tasks rerun ${id} --yes`)]);
  const { stdout } = await run(['list', '--all', '--json'], { home });
  expect(JSON.parse(stdout).tasks).toHaveLength(1);
});

test('rerun of a call that may have run settles its record as unknown, with the new id', async () => {
  const home = freshHome();
  const id = await reported(home);
  await loseCall(home, id);
  const { stdout, stderr, code } = await run(['rerun', id, '--yes', '--json'], { home });
  expect({ stderr, code }).toMatchObject({ code: 0 });
  const { task } = JSON.parse(stdout);
  const old = JSON.parse((await run(['get', id, '--json'], { home })).stdout);
  expect(old).toMatchObject({ task: { phase: 'settled' }, outcome: { status: 'unknown' } });
  expect(old.outcome.error.message).toContain(task.id);
});

test('rerun at a terminal asks before it repeats a call that may have run; n sends nothing', async () => {
  const home = freshHome();
  const id = await reported(home);
  await loseCall(home, id);
  await using tty = terminal(['rerun', id], { home, columns: 80, rows: 20 });
  await tty.waitFor(`${id}  may have run already. Call report again? [y/N]`);
  tty.write('n\r');
  expect((await tty.exited).code).not.toBe(0);
  expect(tty.scrollback()).toContain('Not called again; nothing was sent');
  const { stdout } = await run(['list', '--all', '--json'], { home });
  expect(JSON.parse(stdout).tasks).toHaveLength(1);
});

test('rerun at a terminal repeats a settled call without asking', async () => {
  const home = freshHome();
  const id = await reported(home);
  await using tty = terminal(['rerun', id], { home, columns: 80, rows: 40 });
  expect((await tty.exited).code).toBe(0);
  expect(tty.scrollback()).toContain(`report on`);
});

test('rerun keeps the labels, the audience and the key of a settled record, and refuses while another call has the key', async () => {
  const home = freshHome();
  const id = await reported(home);
  const store = await openSqliteStore({ directory: join(home, 'state') });
  const names = { key: 'nightly', labels: { team: 'web' }, audience: ['anna'] };
  await store.update(id, (record) => ({ ...record, ...names }));
  const { code, stdout } = await run(['rerun', id, '--yes', '--json'], { home });
  const { task } = JSON.parse(stdout);
  expect([code, task.rerunOf]).toEqual([0, id]);
  expect(await store.read(task.id)).toMatchObject(names);
  await loseCall(home, task.id);
  const again = await run(['rerun', id, '--yes'], { home });
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('nightly')]);
  await store.close();
});
