import { expect, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { caseFile } from './start-case.ts';

test('a stdio server that refuses the offered version gets the version it names', async () => {
  const command = ['--', process.execPath, caseFile('refuses-version-stdio.mjs')];
  const { code, stdout, stderr } = await run(['tools', ...command], { home: freshHome() });
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('echo') });
  expect(stderr).toContain('2025-06-18');
  expect(stderr).not.toMatch(/did not start|ended with/);
});
