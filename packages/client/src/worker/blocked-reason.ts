import type { Failure } from '../connect/connection.ts';
import type { Lifecycle } from '../machine/lifecycle.ts';
import type { Outcome } from '../task/task.ts';

interface Circumstances extends Pick<Lifecycle, 'record' | 'polling' | 'failures'> {
  readonly gone: boolean;
  readonly lost: Failure | null;
}

/** Why waiting makes no sense for now, although the task is not settled. */
export function conditionOf(now: Circumstances, maxFailures: number): Outcome | null {
  const { record, failures, gone, lost } = now;
  if (gone) return { status: 'unknown', error: { code: null, message: 'The record was forgotten' } };
  if (now.polling.kind === 'stopped') return now.polling.outcome;
  if (record.phase === 'intent' && lost !== null) return { status: 'unknown' };
  if (failures < maxFailures) return null;
  const { server, trouble = 'it does not answer' } = record;
  return { status: 'unreachable', error: { code: null, message: `${server.label}: ${trouble}` } };
}
