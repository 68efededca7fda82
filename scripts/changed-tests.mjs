// Selects the tests of `npm test -- --changed`: those that import a file that changed since main, committed or not.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Matches a test that starts the built command. It imports no source, so vitest cannot relate it to a change. */
const STARTS_COMMAND = /from '[^']*(?:commands\/support|support\/terminal|support\/command)[^']*'|bin\/mcp-tasks\.js/;

/** Arguments for vitest with a text that explains the selection; undefined without `--changed`. */
export function changedTests(args, root) {
  const at = args.indexOf('--changed');
  if (at === -1) return undefined;
  const base = args[at + 1]?.startsWith('-') === false ? args[at + 1] : mainIn(root);
  const others = args.filter((_, index) => index !== at && (index !== at + 1 || args[index] !== base));
  const since = base === undefined ? '--changed' : `--changed=${base}`;
  return { args: [since, '--passWithNoTests', ...others], explanation: explainSelection(base, root) };
}

/** Main branch to compare with; undefined on main, where only uncommitted files count. */
function mainIn(root) {
  const here = git(root, ['rev-parse', 'HEAD']);
  return ['main', 'origin/main'].find((name) => {
    const there = git(root, ['rev-parse', '--verify', '--quiet', name]);
    return there !== undefined && there !== here;
  });
}

function explainSelection(base, root) {
  const from = base === undefined ? 'since the last commit' : `since ${base}, committed or not`;
  const folders = foldersOfCommandTests(root).join(' ');
  return [
    `Runs the tests that import a file changed ${from}; all tests if a package.json or vitest.config.ts changed.`,
    `Leaves out the tests that start the built command. Choose from: npm test -- ${folders}`,
    '',
  ].join('\n');
}

function foldersOfCommandTests(root) {
  const isTest = (name) => /\.test\.tsx?$/.test(name) && !/\.slow\.test\./.test(name) && !name.includes('node_modules');
  const starts = (path) => STARTS_COMMAND.test(readFileSync(join(root, 'test', path), 'utf8'));
  const paths = readdirSync(join(root, 'test'), { recursive: true }).filter((path) => isTest(path) && starts(path));
  return [...new Set(paths.map((path) => `test/${path.split(/[\\/]/)[0]}`))].sort();
}

function git(root, args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
