import { TaskError } from '../errors.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { Failure } from '../task/failure.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';

/** The state of a call: `lost` if its response will never arrive. */
export interface PlacedCall {
  readonly record: TaskRecord;
  readonly lost: Failure | null;
  readonly dialect: TaskDialect | undefined;
  /** The record with the task of the call, while the store has not saved it. */
  readonly heldBack?: TaskRecord | undefined;
}

/** The result of a call: undefined for a task, a plain result, or the error that says why there is none. */
export function resultOfCall(
  { record, lost, heldBack, dialect }: PlacedCall,
  left: boolean,
): CallToolResult | undefined {
  const { id, tool, outcome } = record;
  const { label } = record.server;
  if (record.taskId !== null || record.phase === 'asking') return undefined;
  if (outcome?.result !== undefined) return outcome.result;
  if (outcome?.status === 'auth_required') {
    throw new TaskError('auth-required', `${label} wants authentication; ${tool} did not run`);
  }
  if (outcome?.status === 'unknown') throw new TaskError('invalid-response', outcome.error?.message ?? 'Unreadable');
  if (outcome !== null) {
    const reason = outcome.error?.message ?? outcome.status;
    if (isRefusal(outcome, dialect)) {
      throw new TaskError('rpc-error', `${label} refused ${tool}: ${reason}`, { cause: outcome.error });
    }
    const hint = 'It may have run, in part or whole: look before you call it again.';
    throw new TaskError('rpc-error', `${label} answered ${tool} with an error: ${reason}`, {
      cause: outcome.error,
      hint,
    });
  }
  if (lost === null && left) {
    const message = `Left while ${tool} was being called; the answer is recorded as ${id} if it comes`;
    throw new TaskError('aborted', message);
  }
  if (heldBack !== undefined) {
    const made = heldBack.taskId === null ? 'asks for input' : `became task ${heldBack.taskId}`;
    throw new TaskError('unreachable', `${tool} ${made} on ${label}, which the task store has not taken`, {
      hint: `Record ${id} knows the task when the store is back before this process ends. It is not called again.`,
    });
  }
  const reason = lost?.message ?? 'the line is gone';
  throw new TaskError('connection-lost', `No answer to ${tool} from ${label}: ${reason}`, {
    hint: `It may have run. Record ${id} keeps that; it is never called again by itself.`,
  });
}

/** False if the tool itself may have failed; an HTTP status alone came from before the tool. */
function isRefusal({ error }: Outcome, dialect: TaskDialect | undefined): boolean {
  if (error === undefined || error.httpStatus !== undefined || dialect === undefined) return true;
  return dialect.judge({ kind: 'rpc', ...error }, 'call') !== 'failed';
}
