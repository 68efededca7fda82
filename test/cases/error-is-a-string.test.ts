import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { caseFile } from './start-case.ts';

test.each([
  ['a string', []],
  ['an object without a code', ['nocode']],
])('an error that is %s is shown without a code', async (_, args) => {
  const command = ['--', process.execPath, caseFile('error-is-a-string.mjs'), ...args];
  const { code, stderr } = await run(['call', 'echo', ...command], { home: freshHome() });
  expect(code).toBe(1);
  expect(stderr).toContain('failed after 0 s (something broke)\n');
  expect(stderr).not.toMatch(/TypeError|undefined|null/);
});
