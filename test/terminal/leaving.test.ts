import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN } from '../commands/support.ts';
import { openTerminal } from '../support/terminal.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

const statusOf = async (home: string, id: string) => {
  const { stdout } = await run(['get', id, '--json'], { home });
  return JSON.parse(stdout).task.status;
};

test('q leaves the last frame on the normal screen, with the ids and the next commands', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, []);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  expect(term.buffer()).toBe('alternate');
  term.write('q');
  expect(await term.exited).toEqual({ code: 0, signal: undefined });
  expect(term.buffer()).toBe('normal');
  expect(term.screen()).toMatch(new RegExp(`◐ ${id} +batch`));
  expect(term.screen()).toContain(`mcp-tasks wait ${id}`);
  expect(await statusOf(home, id)).toBe('working');
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s restores the terminal', async (signal) => {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, []);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.signal(signal);
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
  expect(term.buffer()).toBe('normal');
});

test('the view ends with SIGHUP when its window is closed', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'batch', 'items=3600');
  const script = `trap : HUP; "${process.execPath}" "${BIN}" watch; echo $? > status`;
  const env = { HOME: home, MCP_TASKS_HOME: join(home, 'state') };
  await using term = openTerminal('sh', ['-c', script], { cwd: home, env });
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.hangUp();
  const status = () => (existsSync(join(home, 'status')) ? readFileSync(join(home, 'status'), 'utf8') : '');
  await expect.poll(status, { timeout: 60_000 }).toBe('129\n');
  expect(await statusOf(home, id)).toBe('working');
});

test('the view restores line mode, echo, cursor, wrapping and paste mode', async () => {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  const script = `stty -a > before; "${process.execPath}" "${BIN}" watch; stty -a > after`;
  const env = { HOME: home, MCP_TASKS_HOME: join(home, 'state') };
  await using term = openTerminal('sh', ['-c', script], { cwd: home, env });
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.write('q');
  await term.exited;
  expect(readFileSync(join(home, 'after'), 'utf8')).toBe(readFileSync(join(home, 'before'), 'utf8'));
  const last = (on: string, off: string) => term.raw().lastIndexOf(on) > term.raw().lastIndexOf(off);
  expect(last('\u001b[?25h', '\u001b[?25l')).toBe(true);
  expect(last('\u001b[?7h', '\u001b[?7l')).toBe(true);
  expect(last('\u001b[?2004l', '\u001b[?2004h')).toBe(true);
  expect(last('\u001b[?1049l', '\u001b[?1049h')).toBe(true);
});

test('the view counts down and exits when the last task settles', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'report');
  await using term = watch(home, [demo.url]);
  await term.waitFor('Leaving in 3 s');
  await term.waitFor('Leaving in 2 s');
  expect(await term.exited).toEqual({ code: 0, signal: undefined });
  expect(term.screen()).toContain(`mcp-tasks result ${id}`);
});

test('any key stops the countdown, and then q leaves', async () => {
  const home = freshHome();
  await begin(home, demo, 'report');
  await using term = watch(home, [demo.url]);
  await term.waitFor('Leaving in');
  term.write('f');
  await term.waitUntilGone('Leaving in');
  expect(term.screen()).not.toContain('y/n');
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
});

test('the view stays open with --keep-open, and when every task was settled at the start', async () => {
  const home = freshHome();
  await begin(home, demo, 'report');
  await using kept = watch(home, [demo.url, '--keep-open']);
  await kept.waitFor(/● (?:\w+ +)?report/);
  await using later = watch(home, [demo.url]);
  await later.waitFor(/● (?:\w+ +)?report/);
  await later.waitFor('connected');
  for (const term of [kept, later]) {
    expect(term.screen()).not.toContain('Leaving');
    term.write('q');
    expect(await term.exited).toMatchObject({ code: 0 });
  }
});

test('--bell rings and --exec runs when a question opens and when a task settles', async () => {
  const home = freshHome();
  const alerts = join(home, 'alerts');
  await using term = watch(home, [demo.url, '--keep-open', '--bell', '--exec', `cat >> ${alerts}; echo >> ${alerts}`]);
  await term.waitFor('Press n to start a call.');
  const id = await begin(home, demo, 'release');
  await term.waitFor('1 needs input');
  await term.waitForOutput(() => term.raw().includes('\u0007'));
  await run(['answer', id, '--decline'], { home });
  await term.waitFor(/● (?:\w+ +)?release/);
  await term.waitForOutput(() => (term.raw().match(/\u0007/g) ?? []).length >= 2);
  term.write('q');
  await term.exited;
  expect(existsSync(alerts)).toBe(true);
});
