import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import {
  BIN,
  countRequests,
  freshHome,
  idOf,
  listed,
  pacedDemo,
  run,
  start,
  stdioDemo,
  stdioServers,
  terminal,
  waitForExit,
} from './support.ts';

const FAULTY = fileURLToPath(new URL('../faults/faulty-stdio.mjs', import.meta.url));

interface KeeperLine {
  readonly pid: number;
  readonly id: string;
}

interface Keepers {
  readonly keepers: KeeperLine[];
  readonly died: KeeperLine[];
}

const NONE = { keepers: [], holders: [], died: [] };

async function keepers(home: string): Promise<Keepers> {
  return JSON.parse((await run(['keepers', '--json'], { home })).stdout);
}

function asPid(text: string | number | undefined): number {
  // Pid 0 would signal our own process group.
  if (!(Number(text) > 0)) throw new Error(`No background process: ${text}`);
  return Number(text);
}

async function detach(home: string, words: readonly string[], command = stdioDemo(home)) {
  const detached = await run(['call', ...words, '--detach', ...command], { home });
  expect(detached.code).toBe(0);
  const id = detached.stdout.trim();
  const [, pid] = /kept by background process (\d+)/.exec(detached.stderr) ?? [];
  return { id, pid: asPid(pid) };
}

test(verifies('X5', 'a background process finishes a detached call on a stdio server, and then ends'), async () => {
  const home = freshHome();
  const store = join(home, 'stdio-store');
  const { id, pid } = await detach(home, ['report']);
  await waitForExit(pid);
  expect(stdioServers(store)).toEqual([]);
  await expect.poll(() => keepers(home)).toEqual(NONE);
  expect(await listed(home)).toMatchObject([{ task: { id, status: 'completed' }, outcome: { status: 'completed' } }]);
  expect((await run(['result', id], { home })).stdout).toContain('Response times');
  expect(countRequests(store, 'tools/call')).toBe(1);
});

test('a background process whose folder was deleted ends with its server, even with an open task', async () => {
  const home = freshHome();
  const store = mkdtempSync(join(tmpdir(), 'mcp-tasks-kept-'));
  const command = ['--', process.execPath, BIN, 'demo', '--stdio', '--store', store];
  const { pid } = await detach(home, ['batch', '--arg', 'items=3600'], command);
  expect(stdioServers(store)).toHaveLength(1);
  rmSync(home, { recursive: true, maxRetries: 5 });
  await waitForExit(pid);
  await expect.poll(() => stdioServers(store)).toEqual([]);
});

test(verifies('X5', 'an answer from another terminal reaches the background process through the record'), async () => {
  const home = freshHome();
  const { id, pid } = await detach(home, ['release']);
  await expect.poll(() => listed(home)).toMatchObject([{ task: { status: 'input_required' } }]);
  expect(await run(['answer', id, '--accept', 'approve=true'], { home })).toMatchObject({ code: 0 });
  expect(stdioServers(join(home, 'stdio-store'))).toHaveLength(1);
  const asked = await run(['wait', id], { home });
  expect(asked).toMatchObject({ code: 6 });
  expect(await run(['answer', id, '--accept', 'strategy=rolling'], { home })).toMatchObject({ code: 0 });
  const waited = await run(['wait', id], { home });
  expect(waited).toMatchObject({ code: 0, stdout: expect.stringContaining('live on staging (rolling)') });
  await waitForExit(pid);
  expect(countRequests(join(home, 'stdio-store'), 'tasks/update')).toBe(2);
});

test(verifies('X5', 'a background process survives the end of its terminal, and SIGHUP'), async () => {
  const home = freshHome();
  const term = terminal(['call', 'release', '--detach', ...stdioDemo(home)], { home });
  await term.waitForOutput('kept by background process');
  await term.exited;
  await term.close();
  const { keepers: found } = await keepers(home);
  const pid = asPid(found[0]?.pid);
  process.kill(pid, 'SIGHUP');
  const id = await idOf(home, 'release');
  await expect.poll(() => listed(home)).toMatchObject([{ task: { status: 'input_required' } }]);
  expect(await run(['answer', id, '--decline'], { home })).toMatchObject({ code: 0 });
  const waited = await run(['wait', id], { home });
  expect(waited).toMatchObject({ code: 0 });
  expect(waited.stderr).not.toContain('has died');
  await waitForExit(pid);
});

test(verifies('X5', 'a background process keeps a server that does not reply for a while'), async () => {
  const home = freshHome();
  const { id, pid } = await detach(home, ['deploy'], ['--', process.execPath, FAULTY, 'busy']);
  await waitForExit(pid);
  expect(await listed(home)).toMatchObject([{ task: { id, status: 'completed' }, outcome: { status: 'completed' } }]);
  await expect.poll(() => keepers(home)).toEqual(NONE);
});

test(verifies('X5', 'a background process ends when its server dies a second time, and the record stays'), async () => {
  const home = freshHome();
  const store = join(home, 'stdio-store');
  const { id, pid } = await detach(home, ['batch', '--arg', 'items=3600']);
  const lastUpdate = async () => (await listed(home))[0]?.task.lastUpdatedAt;
  for (const start of ['the first', 'the second']) {
    const before = await lastUpdate();
    await expect.poll(lastUpdate, { message: `${start} is at work` }).not.toBe(before);
    process.kill(asPid(stdioServers(store)[0]), 'SIGKILL');
  }
  await waitForExit(pid);
  expect(await listed(home)).toMatchObject([{ task: { id, status: 'working' }, outcome: null }]);
  expect(stdioServers(store)).toEqual([]);
});

test(verifies('X5', 'a killed keeper is reported by the next command and by a waiting one'), async () => {
  const home = freshHome();
  const first = await detach(home, ['batch', '--arg', 'items=3600']);
  process.kill(first.pid, 'SIGKILL');
  await waitForExit(first.pid);
  const listing = await run(['keepers'], { home });
  expect(listing.stderr).toMatch(new RegExp(`${first.id} {2}warning: background process ${first.pid}, .* has died`));
  await run(['forget', first.id], { home });

  const demo = pacedDemo(home, join(home, 'other-store'));
  demo.setSpeed(1);
  const second = await detach(home, ['batch', '--arg', 'items=20'], demo.command);
  demo.setSpeed(0.05);
  process.kill(second.pid, 'SIGKILL');
  await waitForExit(second.pid);
  const waited = await run(['wait', second.id], { home });
  expect(waited.stderr).toContain(`background process ${second.pid}`);
  // The server keeps its tasks on disk, so that `wait` finds the task again.
  expect(waited).toMatchObject({ code: 0 });
  await expect.poll(() => keepers(home)).toEqual(NONE);
});

test(verifies('X5', 'a waiting command reports its killed keeper and resumes the task'), async () => {
  const home = freshHome();
  const demo = pacedDemo(home, join(home, 'stdio-store'));
  demo.setSpeed(1);
  const { id, pid } = await detach(home, ['batch', '--arg', 'items=60'], demo.command);
  demo.setSpeed(0.05);
  const waiting = start(['wait', id], { home });
  await waiting.waitFor('working');
  process.kill(pid, 'SIGKILL');
  const { code, stderr } = await waiting.done;
  expect(stderr).toContain(`background process ${pid}`);
  expect({ code, stderr }).toMatchObject({ code: 0 });
});

test('keepers --stop ends all keepers with their servers, and cancels no task', async () => {
  const home = freshHome();
  const store = join(home, 'stdio-store');
  const { id, pid } = await detach(home, ['batch', '--arg', 'items=3600']);
  expect(await keepers(home)).toMatchObject({ keepers: [{ id, pid }], died: [] });
  const stopped = await run(['keepers', '--stop'], { home });
  expect(stopped).toMatchObject({ code: 0, stdout: `${pid} stopped; ${id} is no longer followed\n` });
  await waitForExit(pid);
  expect(stdioServers(store)).toEqual([]);
  expect(await listed(home)).toMatchObject([{ task: { id, status: 'working' }, outcome: null }]);
  expect(countRequests(store, 'tasks/cancel')).toBe(0);
});

test('keepers --stop with a process or task id ends that keeper alone', async () => {
  const home = freshHome();
  const one = await detach(home, ['batch', '--arg', 'items=3600']);
  const other = await detach(home, ['batch', '--arg', 'items=3600'], stdioDemo(home, '0.2'));
  const unknown = await run(['keepers', '--stop', '1'], { home });
  expect(unknown).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: No background process 1\nmcp-tasks keepers lists them.\n',
  });
  const stopped = await run(['keepers', '--stop', String(one.pid)], { home });
  expect(stopped).toEqual({
    code: 0,
    stdout: `${one.pid} stopped; ${one.id} is no longer followed\n`,
    stderr: '1 still running: mcp-tasks keepers\n',
  });
  await waitForExit(one.pid);
  expect((await keepers(home)).keepers).toMatchObject([other]);
  expect(await run(['keepers', '--stop', other.id], { home })).toMatchObject({ code: 0 });
  await waitForExit(other.pid);
});

test('call reports the error of its background process, and no process is left', async () => {
  const home = freshHome();
  const wrong = await run(['call', 'reprot', '--detach', ...stdioDemo(home)], { home });
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('Did you mean report?');
  const missing = await run(['call', 'report', '--detach', '--', 'no-such-command'], { home });
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('no-such-command was not found');
  await expect.poll(() => keepers(home)).toEqual(NONE);
  expect(await listed(home)).toEqual([]);
});
