import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, run, start } from '../commands/support.ts';
import { caseFile } from './start-case.ts';

test('with --verbose, log messages of a server are escaped and shortened lines on standard error', async () => {
  const home = freshHome();
  const file = join(home, 'answer');
  const command = ['--', process.execPath, caseFile('logs.mjs'), file];
  const calling = start(['call', 'echo', '--verbose', ...command], { home, stdin: '' });
  await calling.waitFor(/gone x+…\n/);
  writeFileSync(file, '');
  const { code, stdout, stderr } = await calling.done;
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\n' });
  const lines = stderr.split('\n').filter((line) => /^logs\.mjs {2}\w+ {2}/.test(line));
  expect(lines.slice(0, 2)).toEqual([
    'logs.mjs  warning  db: the index is stale',
    'logs.mjs  info  {"message":"rows copied","rows":12}',
  ]);
  expect(lines[2]).toMatch(/^logs\.mjs {2}error {2}\\x1b\[2J\\x1b\]0;owned\\x07gone x+…$/);
  expect(lines[2]?.length).toBeLessThan(530);
});

test('without --verbose no log message of a server is shown', async () => {
  const home = freshHome();
  const file = join(home, 'answer');
  writeFileSync(file, '');
  const command = ['--', process.execPath, caseFile('logs.mjs'), file];
  const { code, stderr } = await run(['call', 'echo', ...command], { home });
  expect({ code, shown: /stale|copied|gone/.test(stderr) }).toEqual({ code: 0, shown: false });
});
