import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { caseFile } from './start-case.ts';

test.each([
  ['answered at once', []],
  ['answered after the reply', ['wait']],
])('an undeclared request of the server gets -32601, and the call returns its result (call %s)', async (_, args) => {
  const command = ['--', process.execPath, caseFile('asks-for-roots.mjs'), ...args];
  const { code, stdout, stderr } = await run(['call', 'echo', ...command], { home: freshHome(), stdin: '' });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\n' });
  expect(stderr).not.toMatch(/input|roots/);
});
