import type { Failure } from '../connect/connection.ts';
import type { Lifecycle } from '../machine/lifecycle.ts';
import type { Outcome } from '../task/task.ts';
import type { Mode } from './task-mode.ts';

export interface Circumstances {
  readonly mode: Mode;
  readonly state: Pick<Lifecycle, 'record' | 'polling' | 'failures'>;
  /** Why nothing can be sent on the connection any more. */
  readonly ended: Failure | undefined;
  /** Why the store takes no heartbeat. */
  readonly storeTrouble: string | undefined;
}

/** Why waiting makes no sense for now, although the task is not settled. */
export interface BlockedReason {
  of(now: Circumstances): Outcome | null;
  /**
   * Nothing is asked here: the connection has ended, or the store is in trouble, or refuses the record. Else null. The
   * same object for as long as the reason is the same.
   */
  cutOff(now: Circumstances): Outcome | null;
}

export function createBlockedReason(maxFailures: number): BlockedReason {
  let last: { readonly message: string; readonly outcome: Outcome } | undefined;

  function lasting(message: string): Outcome {
    last = last?.message === message ? last : { message, outcome: unreachable(message) };
    return last.outcome;
  }

  function cutOff({ mode, state, ended, storeTrouble }: Circumstances): Outcome | null {
    if (mode.kind === 'idle' && mode.why === 'refused') return lasting(`Not saved: ${mode.reason}`);
    if (mode.kind !== 'following' && mode.kind !== 'watching') return null;
    if (ended !== undefined) return lasting(`${state.record.server.label}: ${ended.message}`);
    if (storeTrouble !== undefined) return lasting(`The task store takes no heartbeat: ${storeTrouble}`);
    return null;
  }

  return {
    cutOff,
    of(now) {
      const { mode, state } = now;
      const { record, polling, failures } = state;
      if (mode.kind === 'gone') return GONE;
      if (polling.kind === 'stopped') return polling.outcome;
      if (record.phase === 'intent' && mode.kind === 'idle' && mode.why === 'call-lost') return UNKNOWN;
      const cut = cutOff(now);
      if (cut !== null || failures < maxFailures) return cut;
      return unreachable(`${record.server.label}: ${record.trouble ?? 'it does not answer'}`);
    },
  };
}

function unreachable(message: string): Outcome {
  return { status: 'unreachable', error: { code: null, message } };
}

const GONE: Outcome = { status: 'unknown', error: { code: null, message: 'The record was forgotten' } };
const UNKNOWN: Outcome = { status: 'unknown' };
