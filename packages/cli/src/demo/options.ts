import type { Revision } from '../mcp-server/revision.ts';
import type { Chaos } from './chaos.ts';

export interface DemoOptions {
  /** TCP port. @default 0, a free one */
  readonly port?: number;
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** Bearer token that every request must carry. @default none */
  readonly token?: string;
  /** Directory of the tasks. Without it they end with the process. */
  readonly storeDirectory?: string;
  /** Offer the fixtures of the protocol's conformance suite. @default false */
  readonly conformance?: boolean;
  /** Serve one protocol revision only. @default both */
  readonly revision?: Revision;
  /** Factor for all durations and poll hints; 1 is human pace. @default 1 */
  readonly speed?: number;
  /** Limit of open tasks; a call beyond it is refused. @default 1000 */
  readonly maxOpenTasks?: number;
  /** Injected faults. @default none */
  readonly chaos?: Chaos;
  /** Called when the store cannot be written and all tasks stop; called with `undefined` when it can be again. */
  readonly onTrouble?: (trouble: string | undefined) => void;
}

export interface Pace {
  /** A duration at this demo's speed, in ms. */
  readonly duration: (ms: number) => number;
  /** A poll hint at this demo's speed, at least 50 ms. */
  readonly pollIntervalMs: (ms: number) => number;
}

export function createPace(speed = 1): Pace {
  return {
    duration: (ms) => Math.max(0, Math.round(ms * speed)),
    pollIntervalMs: (ms) => Math.max(50, Math.round(ms * speed)),
  };
}
