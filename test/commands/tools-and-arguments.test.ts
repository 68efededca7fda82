import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { type Act, startFaulty } from '../faults/start-faulty.ts';
import { type Demo, freshHome, type RunOptions, run, serveDemo, terminal } from './support.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test("tools T NAME shows the types, choices and defaults of one tool's arguments, and the command that calls it", async () => {
  const { code, stdout, stderr } = await run(['tools', demo.url, 'release'], { home: freshHome() });
  expect(code).toBe(0);
  expect(stdout).toContain('  version  string, default "2.4.0": Version to release');
  expect(stdout).toContain('  environment  choice, default "staging": Where to\n    one of staging, production');
  expect(stdout).toMatch(/^becomes task {3}the server decides per call$/m);
  expect(stderr).toContain(`Call it: mcp-tasks call ${demo.url} release`);
});

test('tools shows the types, choices and defaults of arguments, on a terminal below each tool', async () => {
  const home = freshHome();
  const words = '[version:string="2.4.0"] [environment:staging|production="staging"]';
  expect((await run(['tools', demo.url], { home })).stdout).toContain(words);
  await using tty = terminal(['tools', demo.url], { home, columns: 120, rows: 60 });
  expect((await tty.exited).code).toBe(0);
  expect(tty.scrollback()).toMatch(
    /^release +Builds and tests[^\n]*\n +\[service:string="checkout"\] \[version:string="2\.4\.0"\]/m,
  );
});

test('tools T NAME with an unknown name suggests the most similar tool', async () => {
  const { code, stderr } = await run(['tools', demo.url, 'relase'], { home: freshHome() });
  expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean release?')]);
});

const echo = (options: RunOptions, ...args: readonly string[]) => run(['call', demo.url, 'echo', ...args], options);

test('call reads arguments from files and from standard input', async () => {
  const home = freshHome();
  writeFileSync(join(home, 'all.json'), '{"text":"from a file"}');
  writeFileSync(join(home, 'text.txt'), 'two\nlines\n');
  expect((await echo({ home }, '--args', '@all.json')).stdout).toContain('from a file');
  expect((await echo({ home, stdin: '{"text":"from a pipe"}' }, '--args', '-')).stdout).toContain('from a pipe');
  expect((await echo({ home }, '--arg', 'text=@text.txt')).stdout).toContain('two\nlines');
  expect((await echo({ home }, '--arg', 'text:="@text.txt"')).stdout).toContain('@text.txt');
});

test('the error for a missing argument file names the file, and nothing is sent', async () => {
  const { code, stderr } = await echo({ home: freshHome() }, '--arg', 'text=@nowhere.txt');
  expect(code).toBe(2);
  expect(stderr).toContain('--arg text: the file nowhere.txt does not exist; nothing was sent');
  expect(stderr).toContain(`text:='"@…"'`);
});

test('completion offers the tools, arguments and values of a server whose tools were listed before', async () => {
  const home = freshHome();
  const complete = async (...words: readonly string[]) => (await run(['__complete', ...words], { home })).stdout;
  expect(await complete('call', demo.url, 're')).toBe('');
  await run(['tools', demo.url], { home });
  expect(await complete('call', demo.url, 're')).toMatch(/^release\tRelease a service\nreport\t/);
  expect(await complete('tools', demo.url, 'sur')).toMatch(/^survey\t/);
  expect(await complete('call', demo.url, 'release', '--arg', 'v')).toBe('version=\n');
  expect(await complete('call', demo.url, 'release', '--arg', 'environment=')).toBe(
    'environment=staging\nenvironment=production\n',
  );
});

test(verifies('S1', 'completion never prints a tool, an argument or a value that a shell would execute'), async () => {
  const hostileNames = ['x;touch\u0024{IFS}f;:', '$(id)', '`id`', "a'b", '-rf', '--exec=id', 'a b', '\u001b[2J'];
  const properties = Object.fromEntries(hostileNames.map((name) => [name, { type: 'string' }]));
  const schema = { type: 'object', properties: { ...properties, plain: { enum: hostileNames } } };
  const tools = [...hostileNames, 'plain'].map((name) => ({ name, inputSchema: schema }));
  const list: Act = { result: { resultType: 'complete', tools, ttlMs: 0, cacheScope: 'private' } };
  const server = await startFaulty(({ method }) => (method === 'tools/list' ? list : undefined));
  const home = freshHome();
  await run(['tools', server.url], { home });
  await server.stop();
  const complete = async (...words: readonly string[]) => (await run(['__complete', ...words], { home })).stdout;
  expect(await complete('call', server.url, '')).toBe('plain\n');
  expect(await complete('call', server.url, 'plain', '--arg', '')).toBe('plain=\n');
  expect(await complete('call', server.url, 'plain', '--arg', 'plain=')).not.toMatch(/[;$`' \u001b]/);
});
