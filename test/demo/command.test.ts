import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { openJournal } from '../../packages/cli/src/demo/journal.ts';
import { BIN, freshHome, type Run, run, start } from '../commands/support.ts';
import { freshDirectory } from './support.ts';

const environment = (home: string) => ({ PATH: process.env.PATH ?? '', HOME: home, MCP_TASKS_HOME: home });

/** Commands that a started demo suggests. */
function suggestions({ stderr }: Pick<Run, 'stderr'>): readonly string[] {
  return [...stderr.matchAll(/^ {2}mcp-tasks (.*)$/gm)].map(([, command]) => command ?? '');
}

test('the demo prints its URL first, then both ways to connect and three working commands', async () => {
  const home = freshHome();
  const demo = start(['demo', '--speed', '0.05'], { home });
  await demo.waitFor('Try, in another terminal');
  await demo.waitFor(/tools http.*\n/);
  const url = demo.output.stdout.trim();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  expect(demo.output.stderr).toContain(`over HTTP    ${url}`);
  expect(demo.output.stderr).toContain('over stdio   mcp-tasks demo --stdio');
  const tries = suggestions(demo.output);
  expect(tries).toEqual([`watch ${url}`, `call ${url} release --arg version=2.4.0`, `tools ${url}`]);
  const [, call = '', tools = ''] = tries;
  expect(await run(tools.split(' '), { home })).toMatchObject({ code: 0, stdout: expect.stringContaining('release') });
  const called = await run(call.split(' '), { home });
  expect(called).toMatchObject({ code: 6, stderr: expect.stringContaining('mcp-tasks answer') });
  const watched = start(['watch', url], { home });
  await watched.waitFor('Waiting for approval');
  watched.process.kill('SIGINT');
  await watched.done;
  demo.process.kill('SIGINT');
  expect(await demo.done).toMatchObject({
    code: 130,
    stderr: expect.stringMatching(/\nStopped, and its tasks with it\.\n$/),
  });
});

test('with --token, the suggested commands pass the token by the name of a variable', async () => {
  const home = freshHome();
  const demo = start(['demo', '--token', 's3cret'], { home });
  await demo.waitFor(/tools http.*\n/);
  expect(demo.output.stderr).toContain('export DEMO_TOKEN=');
  expect(demo.output.stderr).not.toContain('s3cret');
  const tools = suggestions(demo.output).at(-1)?.split(' ') ?? [];
  expect((await run(tools, { home, env: { DEMO_TOKEN: 'wrong' } })).code).toBe(3);
  expect((await run(tools, { home, env: { DEMO_TOKEN: 's3cret' } })).code).toBe(0);
  demo.process.kill('SIGINT');
  await demo.done;
});

test('the demo exits when its input ends, over HTTP and over stdio', async () => {
  for (const flags of [[], ['--stdio']]) {
    const demo = start(['demo', ...flags], { home: freshHome() });
    if (flags.length === 0) await demo.waitFor('Try, in another terminal');
    demo.process.stdin?.end();
    expect(await demo.done).toMatchObject({ code: 0 });
  }
});

test('a demo without an input, such as a background job, keeps running', async () => {
  const home = freshHome();
  const demo = spawn(process.execPath, [BIN, 'demo'], { stdio: ['ignore', 'pipe', 'ignore'], env: environment(home) });
  const url = await new Promise<string>((resolve) =>
    demo.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
  );
  expect((await run(['call', url, 'hello'], { home })).stdout).toContain('Hello, world.');
  const ended = new Promise((resolve) => demo.once('exit', (code) => resolve(code)));
  demo.kill('SIGTERM');
  expect(await ended).toBe(130);
});

test('a restarted demo with --tasks reuses its URL, and its tasks continue', async () => {
  const home = freshHome();
  const flags = ['demo', '--speed', '0.05', '--tasks', freshDirectory()];
  const first = start(flags, { home });
  await first.waitFor(/tools http.*\n/);
  const url = first.output.stdout.trim();
  const { stdout } = await run(['call', url, 'batch', '--arg', 'items=60', '--detach', '--json'], { home });
  const { id } = (JSON.parse(stdout) as { task: { id: string } }).task;
  first.process.kill('SIGKILL');
  await first.done;

  const second = start(flags, { home });
  await second.waitFor(/tools http.*\n/);
  expect(second.output.stdout.trim()).toBe(url);
  expect(await run(['wait', id], { home })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('60 items done.'),
  });
  const third = start(flags, { home });
  await third.waitFor(/tools http.*\n/);
  expect(third.output.stdout.trim()).not.toBe(url);
  for (const { process, done } of [second, third]) {
    process.kill('SIGINT');
    expect((await done).stderr).toContain('Stopped. Its tasks go on with: mcp-tasks demo --tasks ');
  }
});

test('--json prints the URL as a JSON document', async () => {
  const demo = start(['demo', '--json'], { home: freshHome() });
  await demo.waitFor('Try, in another terminal');
  expect(JSON.parse(demo.output.stdout)).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/) });
  demo.process.kill('SIGINT');
  await demo.done;
});

test.each([
  [['--host', '0.0.0.0'], 2, 'Require a token: --token SECRET'],
  [['--port', '80.5'], 2, 'a whole number from 0 to 65535'],
  [['--token='], 2, '--token is empty'],
  [['--revision', '2024-11-05'], 2, '2026-07-28 or 2025-11-25'],
  [['--stdio', '--chaos', 'latency=5,drop=2'], 2, '--chaos drop works over HTTP only'],
  [['--token', 'two words'], 2, 'a character that an HTTP header cannot carry'],
  [['--host', '0.0.0.0', '--token', 'short'], 2, 'a token of 5 characters can be guessed'],
  [['--store', BIN], 1, 'The demo cannot keep tasks in'],
  [['--tasks', '/proc/nothing/here'], 1, 'The demo cannot keep tasks in /proc/nothing/here'],
  [['--stdio', '--store', '/proc/nothing'], 1, 'The demo cannot keep tasks in /proc/nothing'],
  [['--store='], 2, '--store is empty'],
  [['--tasks='], 2, '--tasks is empty'],
  [['--tasks', 'a', '--store', 'b'], 2, '--store is the earlier name of --tasks'],
])('an invalid option is an error with the remedy: %s', async (flags, code, reason) => {
  expect(await run(['demo', ...flags], { home: freshHome() })).toMatchObject({
    code,
    stdout: '',
    stderr: expect.stringContaining(reason),
  });
});

test('tasks of an earlier demo version are refused with an error', async () => {
  const directory = freshDirectory();
  const journal = openJournal(directory);
  journal.exec('PRAGMA user_version = 2');
  journal.close();
  expect(await run(['demo', '--tasks', directory], { home: freshHome() })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /of another version of the demo, which this one cannot read\nName another directory\./,
    ),
  });
});
