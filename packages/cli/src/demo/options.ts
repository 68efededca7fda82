import type { Revision } from '../mcp-server/revision.ts';
import type { Chaos } from './chaos.ts';

export interface DemoOptions {
  /** TCP port. @default 0, a free one */
  readonly port?: number;
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** When set, every request must carry it as a bearer token. */
  readonly token?: string;
  /** Directory of the store. Without it nothing outlives the process. */
  readonly storeDirectory?: string;
  /** Offer the fixtures that the protocol's conformance suite asks for. @default false */
  readonly conformance?: boolean;
  /** Serve one protocol revision only. @default both */
  readonly revision?: Revision;
  /** Factor for all durations and poll hints; 1 is human pace. @default 1 */
  readonly speed?: number;
  /** More open tasks than this are refused. @default 1000 */
  readonly maxOpenTasks?: number;
  /** Misbehaviour on purpose. @default none */
  readonly chaos?: Chaos;
  /** Hears that the store cannot be written, so that all tasks stand still, and with nothing that it can again. */
  readonly onTrouble?: (trouble: string | undefined) => void;
}

export interface Pace {
  /** A duration at this demo's speed, in ms. */
  readonly duration: (ms: number) => number;
  /** A poll hint at this demo's speed, never under 50 ms. */
  readonly pollIntervalMs: (ms: number) => number;
}

export function createPace(speed = 1): Pace {
  return {
    duration: (ms) => Math.max(0, Math.round(ms * speed)),
    pollIntervalMs: (ms) => Math.max(50, Math.round(ms * speed)),
  };
}
