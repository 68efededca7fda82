import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { openTerminal, type Terminal, type TerminalOptions } from '../support/terminal.ts';

export const BIN = fileURLToPath(new URL('../../packages/cli/bin/mcp-tasks.js', import.meta.url));
const NODE = process.execPath;

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface RunOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

const homes: string[] = [];

export function freshHome(prefix = 'mcp-tasks-commands-'): string {
  const home = mkdtempSync(join(tmpdir(), prefix));
  homes.push(home);
  return home;
}

// Keepers with open tasks outlive their test: stop them. A keeper that is still starting ends once its folder is gone.
// Scripts without tests stop their own keepers.
if (process.env.VITEST !== undefined)
  afterAll(() => {
    endKeepers(homes);
    for (const home of homes) deleteFolder(home);
  });

function deleteFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A process that ends still writes there.
  }
}

export function endKeepers(ofHomes: readonly string[]): void {
  for (const home of ofHomes) for (const pid of keepersOf(home)) endProcess(pid);
}

/** Pids in this home's keeper files. */
export function keepersOf(home: string): readonly number[] {
  const folder = join(home, 'state', 'keepers');
  if (!existsSync(folder)) return [];
  const notes = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return notes.flatMap((name) => {
    try {
      return [Number(JSON.parse(readFileSync(join(folder, name), 'utf8')).pid)];
    } catch {
      return []; // the file was removed meanwhile
    }
  });
}

function endProcess(pid: number): void {
  // Pid 0 would signal our own process group.
  if (!(pid > 0)) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // The process has ended.
  }
}

function environment({ home, env }: RunOptions): Record<string, string> {
  // A clean environment: no host configuration, colours or CI variable of this machine.
  return { PATH: process.env.PATH ?? '', HOME: home, MCP_TASKS_HOME: join(home, 'state'), LANG: 'C.UTF-8', ...env };
}

export interface Running {
  readonly process: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly done: Promise<Run>;
  /** Resolves when either stream contains this text. */
  waitFor(text: string | RegExp): Promise<void>;
}

/** Starts the built command with piped streams. */
export function start(args: readonly string[], options: RunOptions): Running {
  const child = spawn(NODE, [BIN, ...args], {
    cwd: options.cwd ?? options.home,
    env: environment(options),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  const add = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
    output[name] += chunk.toString();
    for (const watch of watchers) watch();
  };
  child.stdout.on('data', add('stdout'));
  child.stderr.on('data', add('stderr'));
  child.stdin.on('error', () => undefined);
  if (options.stdin !== undefined) child.stdin.end(options.stdin);
  const done = new Promise<Run>((resolve) => {
    child.on('close', (code) => resolve({ ...output, code }));
  });
  return {
    process: child,
    output,
    done,
    waitFor: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const all = output.stdout + output.stderr;
          if (!(typeof text === 'string' ? all.includes(text) : text.test(all))) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        void done.then((run) =>
          reject(new Error(`Ended with ${run.code} before ${text}:\n${run.stdout}${run.stderr}`)),
        );
        check();
      }),
  };
}

export function run(args: readonly string[], options: RunOptions): Promise<Run> {
  return start(args, { stdin: '', ...options }).done;
}

export function terminal(args: readonly string[], options: RunOptions & TerminalOptions): Terminal {
  return openTerminal(NODE, [BIN, ...args], { cwd: options.home, ...options, env: environment(options) });
}

export interface Demo {
  readonly url: string;
  readonly store: string;
  /** Accepts requests and answers none until `release`. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly stop: () => Promise<void>;
}

/** The demo over HTTP in its own process, at ten times the normal speed by default. */
export async function serveDemo(home: string, ...flags: readonly string[]): Promise<Demo> {
  const store = join(home, 'served');
  const running = start(['demo', '--store', store, '--speed', '0.1', ...flags], { home });
  await running.waitFor(/http:\S+\/mcp\n/);
  const url = running.output.stdout.trim();
  return {
    url,
    store,
    hold: () => void running.process.kill('SIGSTOP'),
    release: () => void running.process.kill('SIGCONT'),
    async stop() {
      running.process.kill('SIGKILL');
      await running.done;
    },
  };
}

/** The demo over stdio as a plain command, with its tasks on disk. */
export function stdioDemo(home: string, speed = '0.1'): readonly string[] {
  return ['--', NODE, BIN, 'demo', '--stdio', '--store', join(home, 'stdio-store'), '--speed', speed];
}

interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): { all(...values: readonly unknown[]): readonly { readonly n: number }[] };
  close(): void;
}

/** Number of requests of this method that reached a demo server. */
export function countRequests(store: string, method: string): number {
  const require = createRequire(new URL('../../packages/cli/package.json', import.meta.url));
  const Database = require('libsql') as new (file: string) => Sqlite;
  const db = new Database(join(store, 'demo.sqlite'));
  db.exec('PRAGMA busy_timeout = 10000'); // the demo of a killed client may still hold the lock
  const [row] = db.prepare('SELECT count(*) AS n FROM requests WHERE method = ?').all(method);
  db.close();
  return row?.n ?? 0;
}

/** The id of the newest record of this tool. */
export async function idOf(home: string, tool: string): Promise<string> {
  const { stdout } = await run(['list', '--all', '--json'], { home });
  const { tasks } = JSON.parse(stdout) as { tasks: { task: { id: string; tool: string } | null }[] };
  const found = tasks.find((each) => each.task?.tool === tool)?.task;
  if (found === null || found === undefined) throw new Error(`No record of ${tool}: ${stdout}`);
  return found.id;
}

/** Processes with this text in their command line; Linux only. */
export function processesWith(text: string): readonly number[] {
  const require = createRequire(import.meta.url);
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
