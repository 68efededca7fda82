import type { Failure } from '../connect/connection.ts';
import type { Lifecycle } from '../machine/lifecycle.ts';
import { isCallLost } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { Mode } from './task-mode.ts';

export interface Circumstances {
  readonly mode: Mode;
  readonly state: Pick<Lifecycle, 'record' | 'polling' | 'failures'>;
  /** The failure that ended the connection. */
  readonly ended: Failure | undefined;
  /** The reason why the store accepts no heartbeat. */
  readonly storeTrouble: string | undefined;
}

/** The reason why waiting is pointless for now, although the task is not settled. */
export class BlockedReason {
  readonly #maxFailures: number;
  #last: { readonly message: string; readonly outcome: Outcome } | undefined;

  constructor(maxFailures: number) {
    this.#maxFailures = maxFailures;
  }

  of(now: Circumstances): Outcome | null {
    const { mode, state } = now;
    const { record, polling, failures } = state;
    if (mode.kind === 'deleted') return DELETED;
    if (polling.kind === 'stopped') return polling.outcome;
    if (record.phase === 'intent' && mode.kind === 'idle' && mode.why === 'call-lost') return UNKNOWN;
    if (mode.kind === 'following' && isCallLost(record)) return UNKNOWN;
    const cut = this.cutOff(now);
    if (cut !== null || failures < this.#maxFailures) return cut;
    return unreachable(`${record.server.label}: ${record.trouble ?? 'it does not answer'}`);
  }

  /**
   * The reason why this process sends no requests: the connection has ended, or the store fails or refuses the record;
   * else null. The same object while the reason lasts.
   */
  cutOff({ mode, state, ended, storeTrouble }: Circumstances): Outcome | null {
    if (mode.kind === 'idle' && mode.why === 'refused') return this.#lasting(`Not saved: ${mode.reason}`);
    if (mode.kind !== 'following' && mode.kind !== 'watching') return null;
    if (ended !== undefined) return this.#lasting(`${state.record.server.label}: ${ended.message}`);
    if (storeTrouble !== undefined) return this.#lasting(`The task store does not accept heartbeats: ${storeTrouble}`);
    return null;
  }

  #lasting(message: string): Outcome {
    this.#last = this.#last?.message === message ? this.#last : { message, outcome: unreachable(message) };
    return this.#last.outcome;
  }
}

function unreachable(message: string): Outcome {
  return { status: 'unreachable', error: { code: null, message } };
}

const DELETED: Outcome = { status: 'unknown', error: { code: null, message: 'The record was deleted' } };
const UNKNOWN: Outcome = { status: 'unknown' };
