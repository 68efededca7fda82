import { TaskError } from '../errors.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import type { Follower } from '../worker/follower.ts';

/** The request was not to be understood, not for this server, or not allowed; any other error may be one of the tool at work. */
const REFUSALS: readonly unknown[] = [-32700, -32600, -32601, -32602, -32003, -32020, -32021, -32022];

/** What a call has come to: undefined for a task, a result at once, or the error that says what did not happen. */
export function resultOfCall({ record, lost }: Follower, left: boolean): CallToolResult | undefined {
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
    if (REFUSALS.includes(outcome.error?.code)) {
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
  const reason = lost?.message ?? 'the line is gone';
  throw new TaskError('connection-lost', `No answer to ${tool} from ${label}: ${reason}`, {
    hint: `It may have run. Record ${id} keeps that; it is never called again by itself.`,
  });
}
