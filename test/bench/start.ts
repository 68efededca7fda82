// How long it takes until something is to be seen, and to leave, beside bare Node: `npm run bench:start -- --rounds 20`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openTerminal } from '../support/terminal.ts';
import { fillStore } from './fill-store.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/mcp-tasks.js', import.meta.url));
const RECORDS = 1000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, node: { type: 'string', default: process.execPath } },
});
const rounds = Number(values.rounds);
const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-bench-'));
const env = { PATH: process.env.PATH ?? '', HOME: home, MCP_TASKS_HOME: join(home, 'state'), LANG: 'C.UTF-8' };

/** Until it has ended, in ms. */
function timeOf(args: readonly string[]): number {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(values.node, args, { env, encoding: 'utf8' });
  const took = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return took;
}

/** Until the terminal shows this, in ms. */
async function untilShown(args: readonly string[], shows: RegExp): Promise<number> {
  const started = performance.now();
  await using terminal = openTerminal(values.node, [BIN, ...args], { columns: 100, rows: 30, env });
  await terminal.waitFor(shows);
  return performance.now() - started;
}

/** From Ctrl-C at the live view, with tasks under way, to the end of the process, in ms. */
async function untilLeft(): Promise<number> {
  await using terminal = openTerminal(values.node, [BIN, 'watch'], { columns: 100, rows: 30, env });
  await terminal.waitFor(/checkout/);
  const pressed = performance.now();
  terminal.press('ctrlC');
  await terminal.exited;
  return performance.now() - pressed;
}

const cases: readonly (readonly [name: string, measure: () => number | Promise<number>])[] = [
  ['node -e 0', () => timeOf(['-e', '0'])],
  ['mcp-tasks --version', () => timeOf([BIN, '--version'])],
  ['mcp-tasks --help', () => timeOf([BIN, '--help'])],
  [`mcp-tasks list, ${RECORDS} records`, () => timeOf([BIN, 'list'])],
  ['mcp-tasks get, a task that has settled', () => timeOf([BIN, 'get', 't00001'])],
  ['mcp-tasks watch, first frame', () => untilShown(['watch'], /mcp-tasks/)],
  [`mcp-tasks watch, ${RECORDS} records in view`, () => untilShown(['watch'], /checkout/)],
  ['mcp-tasks watch, from Ctrl-C to its end', untilLeft],
];

try {
  await fillStore(join(home, 'state'), RECORDS);
  const times = new Map<string, number[]>(cases.map(([name]) => [name, []]));
  // Round by round, so that what else the machine does falls on all alike; the first only warms the caches.
  for (let round = 0; round <= rounds; round += 1) {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${rounds}`);
    for (const [name, measure] of cases) {
      const took = await measure();
      if (round > 0) times.get(name)?.push(took);
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const bare = median(times.get('node -e 0') ?? []);
  const { stdout: version } = spawnSync(values.node, ['--version'], { encoding: 'utf8' });
  process.stdout.write(`Node ${version.trim()}, median of ${rounds}, interleaved\n\n`);
  for (const [name, all] of times) {
    const ms = median(all);
    const columns = [name.padEnd(44), `${ms.toFixed(0)} ms`.padStart(8), `${(ms / bare).toFixed(2)} ×`.padStart(8)];
    process.stdout.write(`${columns.join('')}\n`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
