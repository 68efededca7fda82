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

/** The plain result of a call; undefined for a task. @throws {TaskError} the reason for a missing result */
export function resultOfCall(
  { record, lost, heldBack, dialect }: PlacedCall,
  left: boolean,
): CallToolResult | undefined {
  const { id, tool, outcome } = record;
  const { label } = record.server;
  if (record.taskId !== null || record.phase === 'asking') return undefined;
  if (outcome?.result !== undefined) return outcome.result;
  if (outcome?.status === 'auth_required') {
    throw new TaskError('auth-required', `${label} requires a sign-in; ${tool} did not run`);
  }
  if (outcome?.status === 'unknown') throw new TaskError('invalid-response', outcome.error?.message ?? 'Unreadable');
  if (outcome !== null) {
    const reason = outcome.error?.message ?? outcome.status;
    if (isRefusal(outcome, dialect)) {
      throw new TaskError('rpc-error', `${label} refused ${tool}: ${reason}`, { cause: outcome.error });
    }
    const hint = 'It may have run, in part or completely: check the server before you call again.';
    throw new TaskError('rpc-error', `${label} answered ${tool} with an error: ${reason}`, {
      cause: outcome.error,
      hint,
    });
  }
  if (lost === null && left) {
    const message = `Stopped waiting while ${tool} was called; record ${id} keeps the response if it comes`;
    throw new TaskError('aborted', message);
  }
  if (heldBack !== undefined) {
    const made = heldBack.taskId === null ? 'asks for input' : `became task ${heldBack.taskId}`;
    throw new TaskError('unreachable', `${tool} ${made} on ${label}, but the task store has not saved it`, {
      hint: `Record ${id} gets the task if the store recovers before this process ends. The call is not repeated.`,
    });
  }
  const reason = lost?.message ?? 'the connection has ended';
  throw new TaskError('connection-lost', `No answer to ${tool} from ${label}: ${reason}`, {
    hint: `It may have run: check the server. Record ${id} keeps the call, and it is never repeated automatically.`,
  });
}

/** False if the tool itself may have failed. An HTTP status without a JSON-RPC error precedes the tool. */
function isRefusal({ error }: Outcome, dialect: TaskDialect | undefined): boolean {
  if (error === undefined || error.httpStatus !== undefined || dialect === undefined) return true;
  return dialect.judge({ kind: 'rpc', ...error }, 'call') !== 'failed';
}
