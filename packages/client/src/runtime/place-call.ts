import type { LifecycleEvent } from '../core/lifecycle.ts';
import type { TaskRecord } from '../core/record.ts';
import type { InputResponse } from '../core/task.ts';
import { type Connection, ConnectionFailure, type Failure } from '../ports/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';

type EventOf<Type extends LifecycleEvent['type']> = Omit<Extract<LifecycleEvent, { type: Type }>, 'now' | 'chance'>;

export type CallEvent =
  | EventOf<'task-observed'>
  | EventOf<'call-settled'>
  | EventOf<'call-asked'>
  | EventOf<'call-lost'>;

export interface Placement {
  readonly asTask: boolean;
  readonly ttlMs?: number | undefined;
  readonly inputResponses?: Readonly<Record<string, InputResponse>> | undefined;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectionFailure) return error.failure;
  return { kind: 'transport', message: error instanceof Error ? error.message : String(error) };
}

/** True when the server, or something before it, refused: then nothing ran. */
function isRefusal(failure: Failure): boolean {
  if (failure.kind === 'http') return failure.status >= 400 && failure.status < 500;
  return failure.kind === 'rpc' || failure.kind === 'auth' || failure.kind === 'session-gone';
}

function eventOfFailure(failure: Failure): CallEvent {
  if (!isRefusal(failure)) return { type: 'call-lost', failure };
  if (failure.kind === 'auth') return { type: 'call-settled', outcome: { status: 'auth_required' } };
  const { message } = failure;
  const error =
    failure.kind === 'rpc' ? { code: failure.code, message, data: failure.data } : { code: -32603, message };
  return { type: 'call-settled', outcome: { status: 'failed', error } };
}

/** Sends `tools/call` once and says what came of it. Without a time limit: what is slow is not lost. */
export async function placeCall(
  connection: Connection,
  dialect: TaskDialect,
  record: TaskRecord,
  placement: Placement,
): Promise<CallEvent> {
  const { tool: name, arguments: args, requestState } = record;
  const params = dialect.encodeCall({ name, arguments: args, requestState, ...placement });
  try {
    const answer = dialect.decodeCall(await connection.request('tools/call', params, { timeoutMs: null }));
    if (answer.kind === 'invalid') {
      return {
        type: 'call-lost',
        failure: { kind: 'invalid', message: `The answer to the call is unreadable: ${answer.problem}` },
      };
    }
    const { value } = answer;
    if (value.kind === 'task') return { type: 'task-observed', snapshot: value.snapshot, polled: false };
    if (value.kind === 'complete')
      return { type: 'call-settled', outcome: { status: 'completed', result: value.result } };
    return { type: 'call-asked', requests: value.inputRequests, requestState: value.requestState };
  } catch (error) {
    return eventOfFailure(failureOf(error));
  }
}
