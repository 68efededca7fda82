import { fileURLToPath } from 'node:url';
import type { Target } from '@mcp-tasks/client';
import type { Errand, Lane } from './errands.ts';

/** What a worker is told when it starts. */
export interface WorkerSetup {
  readonly name: string;
  /** Which life of this worker it is. */
  readonly life: number;
  readonly seed: number;
  readonly storeDirectory: string;
  readonly journal: string;
  readonly targets: Readonly<Record<Lane, Target>>;
}

/** What a worker is told while it runs. */
export type Order =
  | { readonly kind: 'call'; readonly errand: Errand }
  /** Answer whatever is asked and follow everything, so that all comes to an end. */
  | { readonly kind: 'finish' }
  /** The store is out of reach of this worker alone. */
  | { readonly kind: 'lose-store'; readonly how: 'refuses' | 'hangs'; readonly forMs: number }
  /** A connection ends while the task client on it stays open. */
  | { readonly kind: 'end-line' }
  | { readonly kind: 'leave' };

/** Tells the proxy which worker asks. */
export const WORKER_HEADER = 'x-soak-worker';

export const WORKER = fileURLToPath(new URL('./worker-child.ts', import.meta.url));
export const AGENT = fileURLToPath(new URL('./agent-child.ts', import.meta.url));
export const JOB_SERVER = fileURLToPath(new URL('./job-child.ts', import.meta.url));
export const STDIO_SERVER = fileURLToPath(new URL('./stdio-server-child.ts', import.meta.url));
