import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { caseFile } from '../cases/start-case.ts';
import { start } from '../commands/support.ts';
import { freshHome, run, serveDemo, watch } from './support/watch.ts';

/** A stdio server that logs during a call and replies once `answer` has created its file. */
function loggingServer(home: string) {
  const file = join(home, 'answer');
  const command = ['--', process.execPath, caseFile('logs.mjs'), file];
  return {
    command,
    call: () => start(['call', 'echo', ...command], { home, stdin: '' }),
    answer: () => writeFileSync(file, ''),
  };
}

test('the page of a task shows the log messages of its server, sanitized and truncated', async () => {
  const home = freshHome();
  const server = loggingServer(home);
  await using term = watch(home, ['--keep-open', ...server.command], { columns: 100, rows: 40 });
  await term.waitFor(/connected/);
  const calling = server.call();
  await term.waitFor(/echo/);
  term.press('enter');
  const page = await term.waitFor(/Log of logs\.mjs[\s\S]*gone\s+x/);
  expect(page).toMatch(/^\d\d:\d\d:\d\d {2}warning {4}db: the index is stale$/m);
  expect(page).toMatch(/^\d\d:\d\d:\d\d {2}info {7}\{"message":"rows copied","rows":12\}$/m);
  expect(page).toContain('\\x1b[2J\\x1b]0;owned\\x07gone');
  expect(page.match(/x{20,}/g)?.join('').length).toBeLessThan(500);
  server.answer();
  await calling.done;
  term.press('escape');
  term.write('q');
  await term.exited;
});

test('watch without a terminal prints the log messages of its servers on standard error', async () => {
  const home = freshHome();
  const server = loggingServer(home);
  const watching = start(['watch', '--keep-open', ...server.command], { home });
  await watching.waitFor('connected');
  const calling = server.call();
  await watching.waitFor(/gone x+…\n/);
  server.answer();
  await calling.done;
  watching.process.kill('SIGINT');
  const { stderr, stdout } = await watching.done;
  expect(stderr).toContain('logs.mjs  warning  db: the index is stale\n');
  expect(stdout).not.toContain('stale');
});

test('requests to a 2026-07-28 server ask for log messages', async () => {
  const home = freshHome();
  const demo = await serveDemo(freshHome(), '--conformance');
  try {
    const { stderr } = await run(['call', demo.url, 'test_logging_tool', '--verbose'], { home });
    expect(stderr).toMatch(/^127\.0\.0\.1:\d+ {2}info {2}Logging$/m);
  } finally {
    await demo.stop();
  }
});
