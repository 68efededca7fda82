// Measures the time to the first output and to exit, relative to bare Node: `npm run bench:start -- --rounds 20`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openTerminal } from '../support/terminal.ts';
import { fillStore } from './fill-store.ts';
import { moveRows } from './move-rows.ts';
import { formatStartSection, type Start, withStartSection } from './start-section.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/mcp-tasks.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const RECORDS = 1_000;
const MANY = 10_000;
/** Duration of the moving rows, in s, after the view has settled. */
const MOVING_S = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    node: { type: 'string', default: process.execPath },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-bench-'));
const state = join(home, 'state');
const env = { PATH: process.env.PATH ?? '', HOME: home, MCP_TASKS_HOME: state, LANG: 'C.UTF-8' };
const many = { ...env, MCP_TASKS_HOME: join(home, 'many') };

/** In ms. Other load affects the time, hardly the CPU time; NaN where CPU time is unknown. */
interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Time until the command ends. The shell reports the CPU time of its child. */
function timeOf(args: readonly string[], at = env): Took {
  const timed = ['-c', 'TIMEFORMAT="%3U %3S"; time "$@"', 'bench', values.node, ...args];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', timed, { env: at, encoding: 'utf8' });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  const [user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { ms, cpuMs: 1_000 * (user + system) };
}

/** Time until the terminal shows the text. */
async function timeUntilShown(args: readonly string[], shows: RegExp): Promise<Took> {
  const started = performance.now();
  await using terminal = openTerminal(values.node, [BIN, ...args], { columns: 100, rows: 30, env });
  await terminal.waitFor(shows);
  return { ms: performance.now() - started, cpuMs: 1_000 * cpuOf(terminal.pid) };
}

/** Time from Ctrl-C in the live view, with open tasks, to the end of the process. */
async function timeUntilExit(): Promise<Took> {
  await using terminal = openTerminal(values.node, [BIN, 'watch'], { columns: 100, rows: 30, env });
  await terminal.waitFor(/checkout/);
  const pressed = performance.now();
  terminal.press('ctrlC');
  await terminal.exited;
  return { ms: performance.now() - pressed, cpuMs: Number.NaN };
}

/** Share of a core used while all rows change once a second; `undefined` outside Linux. */
async function shareOfMovingRows(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const at = join(home, 'moving');
  await fillStore(at, RECORDS, { openEach: 1 });
  const options = { columns: 100, rows: 30, env: { ...env, MCP_TASKS_HOME: at } };
  await using terminal = openTerminal(values.node, [BIN, 'watch'], options);
  await terminal.waitFor(/checkout/);
  const mover = await moveRows(at);
  try {
    await terminal.waitFor(/moved 3 times/);
    const before = cpuOf(terminal.pid);
    const began = performance.now();
    await terminal.waitFor(new RegExp(`moved ${3 + MOVING_S} times`), 120_000);
    return (cpuOf(terminal.pid) - before) / ((performance.now() - began) / 1_000);
  } finally {
    await mover.stop();
  }
}

/** User and system time of all threads, in s. */
function cpuOf(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

interface Case {
  readonly name: string;
  readonly limit?: number;
  measure(): Took | Promise<Took>;
}

const cases: readonly Case[] = [
  { name: 'node -e 0', measure: () => timeOf(['-e', '0']) },
  { name: 'mcp-tasks --version', limit: 1.4, measure: () => timeOf([BIN, '--version']) },
  { name: 'mcp-tasks --help', measure: () => timeOf([BIN, '--help']) },
  { name: `mcp-tasks list, ${MANY} records`, limit: 3, measure: () => timeOf([BIN, 'list'], many) },
  { name: 'mcp-tasks get, a task that has settled', measure: () => timeOf([BIN, 'get', 't00001']) },
  { name: 'mcp-tasks watch, first frame', limit: 6, measure: () => timeUntilShown(['watch'], /mcp-tasks/) },
  { name: `mcp-tasks watch, ${RECORDS} records in view`, measure: () => timeUntilShown(['watch'], /checkout/) },
  { name: 'mcp-tasks watch, from Ctrl-C to exit', measure: timeUntilExit },
];

try {
  await fillStore(state, RECORDS);
  await fillStore(many.MCP_TASKS_HOME, MANY);
  const times = new Map<string, Took[]>(cases.map(({ name }) => [name, []]));
  // Runs the cases in rounds, so that other load affects all alike; the first round warms the caches.
  for (let round = 0; round <= rounds; round += 1) {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${rounds}`);
    for (const { name, measure } of cases) {
      const took = await measure();
      if (round > 0) times.get(name)?.push(took);
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const medians = (name: string): Took => {
    const all = times.get(name) ?? [];
    return { ms: median(all.map(({ ms }) => ms)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)) };
  };
  const bare = medians('node -e 0');
  const starts = cases.map(({ name, limit }): Start => {
    const { ms, cpuMs } = medians(name);
    return { name, ms, ofNode: ms / bare.ms, cpuMs, cpuOfNode: cpuMs / bare.cpuMs, limit };
  });
  const moving = await shareOfMovingRows();
  const { stdout: version } = spawnSync(values.node, ['--version'], { encoding: 'utf8' });
  const [{ model = 'an unknown processor' } = {}, ...others] = cpus();
  const section = formatStartSection(starts, moving, {
    cpu: model.trim(),
    cores: others.length + 1,
    load: loadavg()[0] ?? Number.NaN,
    node: version.trim().slice(1),
    date: new Date().toISOString().slice(0, 10),
    rounds,
  });
  process.stdout.write(section);
  if (values.write) writeFileSync(PAGE, withStartSection(readFileSync(PAGE, 'utf8'), section));
} finally {
  rmSync(home, { recursive: true, force: true });
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
