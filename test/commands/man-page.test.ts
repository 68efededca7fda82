import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { freshHome, run } from './support.ts';

const hasGroff = spawnSync('groff', ['--version']).status === 0;

test('the manual page has every command and option of the help, and the meaning of each exit code', async () => {
  const home = freshHome();
  const { code, stdout } = await run(['__man'], { home });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\.TH MCP\\-TASKS 1 /);
  const help = (await run(['--help'], { home })).stdout;
  const commands = [...help.matchAll(/^ {2}([a-z]+)(?: [<[]| {2,})/gm)].map(([, name = '']) => name);
  expect(commands.length).toBeGreaterThan(15);
  for (const name of commands.filter((each) => each !== 'help')) expect(stdout).toContain(`.SS mcp\\-tasks ${name}\n`);
  expect(stdout).toContain('.B \\-\\-keep\\-waiting\n');
  expect(stdout).toContain('.B 130\ninterrupted');
});

test.runIf(hasGroff)('groff formats the manual page without a warning', async () => {
  const { stdout } = await run(['__man'], { home: freshHome() });
  const set = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-Kutf8'], { input: stdout, encoding: 'utf8' });
  expect([set.status, set.stderr]).toEqual([0, '']);
  expect(set.stdout.replace(/.\x08/g, '')).toContain('--keep-waiting');
});
