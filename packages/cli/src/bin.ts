import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) printVersion();
else
  void import('./run-process.ts').then(({ runProcess }) => runProcess(argv, version, join(root, 'bin/mcp-tasks.js')));

/** Prints the version without `process.stdout`, whose loading would take most of the time. */
function printVersion(): void {
  try {
    writeSync(1, `${version}\n`);
  } catch (error) {
    // EPIPE means that the reader has exited: no error.
    process.exitCode = (error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1;
  }
}
