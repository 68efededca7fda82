import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TaskRecord } from '@mcp-tasks/client';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN } from '../commands/support.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { begin, type Demo, freshHome, row, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

/** Expects that the view fits its terminal: the footer is the last row but one, and nothing has scrolled. */
const expectFit = (term: Terminal, rows: number) => {
  const lines = term.screen().split('\n');
  expect(lines.length).toBe(rows - 1);
  expect(lines.at(-1)).toMatch(/q leave|Esc/);
};

test.each([
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
])('the list, a task and a form fit a terminal of %i by %i', async (columns, rows) => {
  const home = freshHome();
  await begin(home, demo, 'survey');
  await using term = watch(home, [demo.url], { columns, rows });
  await term.waitFor('1 needs input');
  expectFit(term, rows);
  term.press('enter');
  // With two panes the status is beside the list already.
  await term.waitFor((screen) => /status +needs input/.test(screen) && screen.includes('Esc back'));
  expectFit(term, rows);
  term.write('a');
  await term.waitFor(/❯ Name/);
  expectFit(term, rows);
  expect(term.screen()).toContain(columns < 60 ? '1/2' : '1 of 2');
});

test('each resize of the terminal redraws one whole frame', async () => {
  const home = freshHome();
  await begin(home, demo, 'survey');
  await using term = watch(home, [demo.url]);
  await term.waitFor('1 needs input');
  term.write('a');
  await term.waitFor(/❯ Name/);
  term.write('Ada');
  for (const [columns, rows] of [
    [40, 10],
    [200, 60],
    [60, 12],
    [30, 8],
    [120, 30],
    [80, 24],
  ] as const) {
    term.resize(columns, rows);
    await term.waitFor((screen) => {
      const lines = screen.split('\n');
      return lines.length === rows - 1 && /Esc later|Enter next/.test(lines.at(-1) ?? '') && /│ Ada/.test(screen);
    });
    expect(term.screen().match(/❯ Name/g)).toHaveLength(1);
    expect(
      term
        .screen()
        .split('\n')
        .every((line) => line.length <= columns),
    ).toBe(true);
  }
  expect(term.buffer()).toBe('alternate');
});

test('shrinking the window while frames are drawn cuts lines that are too long, and leaves one frame', async () => {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, [demo.url], { columns: 200, rows: 50 });
  await term.waitFor(/◐ .*batch/);
  for (let step = 0; step < 40; step++) {
    const before = term.raw().length;
    term.resize(step % 2 === 0 ? 200 : 30 + step, step % 2 === 0 ? 50 : 12);
    await term.waitForOutput(() => term.raw().length > before);
  }
  term.resize(80, 24);
  await term.waitFor((screen) => screen.split('\n').length === 23 && /◐ .*batch[\s\S]*q leave/.test(screen));
});

test('a list of a thousand tasks scrolls, jumps and filters', async () => {
  const home = freshHome();
  const store = await openSqliteStore({ directory: join(home, 'state') });
  const now = Date.now();
  const server = { fingerprint: 'f', label: 'files', target: { kind: 'url', url: 'http://127.0.0.1:9/mcp' } } as const;
  for (let at = 0; at < 1_000; at++) {
    const id = `t${String(at).padStart(4, '0')}`;
    const record: TaskRecord = {
      version: 1,
      id,
      server,
      revision: '2026-07-28',
      method: 'tools/call',
      tool: `copy-${String(at).padStart(4, '0')}`,
      arguments: {},
      phase: 'settled',
      status: 'completed',
      taskId: `task-${at}`,
      createdAt: now - 60_000,
      updatedAt: now - at * 10,
      observedAt: now,
      inputRequests: {},
      ledger: {},
      history: [],
      outcome: { status: 'completed', result: { content: [{ type: 'text', text: `copied ${at}` }] } },
    };
    await store.create(record);
  }
  await store.close();
  await using term = watch(home, []);
  await term.waitFor('1000 done');
  const marked = (tool: string) => term.waitFor((screen) => row(screen, '❯').includes(tool));
  await marked('copy-0000');
  for (let step = 0; step < 100; step++) term.write('j');
  await marked('copy-0100');
  term.press('pageDown');
  await marked('copy-0119');
  term.press('pageUp');
  await marked('copy-0100');
  term.write('G');
  await marked('copy-0999');
  term.write('gk');
  await marked('copy-0000');
  term.write('/0500');
  await term.waitFor('1 of 1000');
  await marked('copy-0500');
});

test('the tasks of several servers share one list', async () => {
  const other = await serveDemo(freshHome(), '--revision', '2025-11-25');
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  await begin(home, other, 'release');
  await using term = watch(home, [demo.url, other.url], { columns: 110 });
  await term.waitFor('2 servers');
  await term.waitFor(/\? \w{6} +release +127/);
  expect(term.screen()).toMatch(/◐ \w{6} +batch +/);
  term.write('n');
  const servers = await term.waitFor('on which server?');
  expect(servers).toContain(new URL(demo.url).host);
  expect(servers).toContain(new URL(other.url).host);
  await other.stop();
});

test('Ctrl-Z returns the terminal to the shell, and fg restores the frame', async () => {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  const env = { HOME: home, MCP_TASKS_HOME: join(home, 'state'), PS1: 'shell> ' };
  await using term = openTerminal('bash', ['--norc', '--noprofile', '-i'], { cwd: home, env });
  await term.waitFor('shell>');
  term.write(`"${process.execPath}" "${BIN}" watch\r`);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  expect(term.buffer()).toBe('alternate');
  term.write('\u001a');
  await term.waitFor('Stopped');
  expect(term.buffer()).toBe('normal');
  term.write('echo typed\r');
  await term.waitFor(/^typed$/m);
  term.write('fg\r');
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  expect(term.buffer()).toBe('alternate');
  expect(term.screen()).not.toContain('typed');
  term.write('?');
  await term.waitFor('close the help');
  term.press('escape');
  await term.waitFor('q leave');
  term.write('q');
  await term.waitFor(/mcp-tasks wait[\s\S]*shell>\s*$/);
});

test('SIGQUIT restores the terminal', async () => {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, []);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  spawnSync('kill', ['-QUIT', String(term.pid)]);
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
  expect(term.buffer()).toBe('normal');
});
