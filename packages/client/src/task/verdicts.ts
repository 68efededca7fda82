import type { TaskErrorCode } from '../errors.ts';
import { errorOf, type JudgedFailure, type Verdict } from './failure.ts';
import type { Outcome, OutcomeStatus } from './task.ts';

/**
 * From a verdict to the outcome of a task, and from an outcome to the code of the error that tells it. The dialect
 * decides failure → verdict (`judge`); the command line maps code → exit code (`exit-codes.ts`). No other place does.
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

/** What a failure makes of the task it is about. */
export function outcomeOfFailure(failure: JudgedFailure): Outcome {
  const status = outcomeOfVerdict[failure.verdict];
  if (status === 'auth_required' || status === 'detached') return { status };
  return { status, error: errorOf(failure) };
}

const codes: Readonly<Record<OutcomeStatus, TaskErrorCode>> = {
  completed: 'invalid-response', // completed, and without a result
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

/** The code of the `TaskError` that says how following a task ended, where it did not complete. */
export function errorCodeOf({ status }: Pick<Outcome, 'status'>): TaskErrorCode {
  return codes[status];
}
