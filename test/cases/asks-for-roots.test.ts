import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { caseFile } from './start-case.ts';

test.each([
  ['and answers at once', []],
  ['and waits for the reply', ['wait']],
])('a server that asks for what was never declared %s gets -32601, and the call its result', async (_, args) => {
  const command = ['--', process.execPath, caseFile('asks-for-roots.mjs'), ...args];
  const { code, stdout, stderr } = await run(['call', 'echo', ...command], { home: freshHome(), stdin: '' });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\n' });
  expect(stderr).not.toMatch(/input|roots/);
});
