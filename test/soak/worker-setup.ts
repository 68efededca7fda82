import { fileURLToPath } from 'node:url';
import type { Target } from '@mcp-tasks/client';
import type { Lane, PlannedCall } from './planned-calls.ts';

/** The setup of a worker, given at its start. */
export interface WorkerSetup {
  readonly name: string;
  /** Number of this worker's restarts. */
  readonly life: number;
  readonly seed: number;
  readonly storeDirectory: string;
  readonly journal: string;
  readonly targets: Readonly<Record<Lane, Target>>;
}

/** Orders to a running worker. */
export type Order =
  | { readonly kind: 'call'; readonly planned: PlannedCall }
  /** Answer every question and follow every task, so that all tasks end. */
  | { readonly kind: 'finish' }
  /** This worker alone loses its store. */
  | { readonly kind: 'lose-store'; readonly how: 'refuses' | 'hangs'; readonly forMs: number }
  /** Closes a connection while its task client stays open. */
  | { readonly kind: 'end-connection' }
  | { readonly kind: 'leave' };

/** Header with the name of the worker, for the proxy. */
export const WORKER_HEADER = 'x-soak-worker';

export const WORKER = fileURLToPath(new URL('./worker-child.ts', import.meta.url));
export const AGENT = fileURLToPath(new URL('./agent-child.ts', import.meta.url));
export const JOB_SERVER = fileURLToPath(new URL('./job-child.ts', import.meta.url));
export const STDIO_SERVER = fileURLToPath(new URL('./stdio-server-child.ts', import.meta.url));
