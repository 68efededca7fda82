import type { TaskErrorCode } from '../errors.ts';
import { errorOf, type JudgedFailure, type Verdict } from './failure.ts';
import type { Outcome, OutcomeStatus } from './task.ts';

/**
 * Maps a verdict to the outcome of a task, and an outcome to an error code; no other place does. The dialect maps
 * failure → verdict (`judge`); the command line maps code → exit code (`exit-codes.ts`).
 */
const outcomeOfVerdict: Readonly<
  Record<Verdict, Exclude<OutcomeStatus, 'completed' | 'cancelled' | 'input_required' | 'timed_out'>>
> = {
  retry: 'unreachable',
  expired: 'expired',
  auth: 'auth_required',
  refused: 'failed',
  failed: 'failed',
  'needs-task': 'failed',
  'no-tasks': 'unknown',
  'our-bug': 'unknown',
  aborted: 'detached',
};

/** The outcome of a task after this failure. */
export function outcomeOfFailure(failure: JudgedFailure): Outcome {
  const status = outcomeOfVerdict[failure.verdict];
  if (status === 'auth_required' || status === 'detached') return { status };
  return { status, error: errorOf(failure) };
}

const codes: Readonly<Record<OutcomeStatus, TaskErrorCode>> = {
  completed: 'invalid-response', // completed without a result
  failed: 'task-failed',
  cancelled: 'task-cancelled',
  expired: 'task-expired',
  unreachable: 'unreachable',
  input_required: 'input-required',
  timed_out: 'timed-out',
  detached: 'aborted',
  auth_required: 'auth-required',
  unknown: 'connection-lost',
};

/** The code of the `TaskError` for a task that did not complete. */
export function errorCodeOf({ status }: Pick<Outcome, 'status'>): TaskErrorCode {
  return codes[status];
}
