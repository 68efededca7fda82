import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

type ChangedTests = (
  args: readonly string[],
  root: string,
) => { readonly args: readonly string[]; readonly explanation: string } | undefined;

const script = new URL('../../scripts/changed-tests.mjs', import.meta.url).href;
const { changedTests } = (await import(script)) as { readonly changedTests: ChangedTests };

/** A repository with one commit on main, and a test that starts the command. */
async function createRepository() {
  const root = mkdtempSync(join(tmpdir(), 'mcp-tasks-changed-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  await mkdir(join(root, 'test/commands'), { recursive: true });
  await writeFile(join(root, 'test/commands/list.test.ts'), "import { run } from '../commands/support.ts';\n");
  await mkdir(join(root, 'test/store'));
  await writeFile(join(root, 'test/store/lease.test.ts'), "import { open } from '../../packages/client/src/x.ts';\n");
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root, stdio: 'ignore' });
  git('init', '--initial-branch=main');
  git('add', '.');
  git('commit', '--message=first');
  return { root, git };
}

test('without --changed all tests run', async () => {
  const { root } = await createRepository();
  expect(changedTests(['test/store'], root)).toBeUndefined();
});

test('on main, --changed compares with the last commit', async () => {
  const { root } = await createRepository();
  const { args, explanation } = changedTests(['--changed', '--maxWorkers=1'], root) ?? {};
  expect(args).toEqual(['--changed', '--passWithNoTests', '--maxWorkers=1']);
  expect(explanation).toContain('since the last commit');
});

test('on a branch, --changed compares with main, including uncommitted files', async () => {
  const { root, git } = await createRepository();
  git('switch', '--create', 'topic');
  git('commit', '--allow-empty', '--message=second');
  const { args, explanation } = changedTests(['--changed'], root) ?? {};
  expect(args).toEqual(['--changed=main', '--passWithNoTests']);
  expect(explanation).toContain('since main, committed or not');
});

test('the folders with tests that start the built command are named', async () => {
  const { root } = await createRepository();
  expect(changedTests(['--changed'], root)?.explanation).toMatch(/npm test -- test\/commands\n$/);
});
