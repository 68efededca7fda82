import { type Connection, ConnectionFailure, type Failure } from '../connect/connection.ts';
import type { LifecycleEvent } from '../machine/lifecycle.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputResponse, TaskSnapshot } from '../task/task.ts';
import { toolResultOf } from '../task/tool-result.ts';
import { withProgressToken } from './progress.ts';

type EventOf<Type extends LifecycleEvent['type']> = Omit<Extract<LifecycleEvent, { type: Type }>, 'now' | 'chance'>;

export type CallEvent =
  | EventOf<'task-observed'>
  | EventOf<'call-settled'>
  | EventOf<'call-asked'>
  | EventOf<'call-lost'>;

export interface Placement {
  readonly asTask: boolean;
  /** Whether the tool wants to be called as a task is not known: a refusal that says so is followed. @default false */
  readonly orAsTask?: boolean | undefined;
  readonly ttlMs?: number | undefined;
  readonly inputResponses?: Readonly<Record<string, InputResponse>> | undefined;
  readonly progressToken?: string | undefined;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectionFailure) return error.failure;
  return { kind: 'transport', message: error instanceof Error ? error.message : String(error) };
}

/** True when the server, or something before it, has answered: nothing else comes of the call. */
function isAnswer(failure: Failure): boolean {
  if (failure.kind === 'http') return failure.status >= 400 && failure.status < 500;
  return failure.kind === 'rpc' || failure.kind === 'auth' || failure.kind === 'session-gone';
}

function eventOfFailure(failure: Failure): CallEvent {
  if (!isAnswer(failure)) return { type: 'call-lost', failure };
  if (failure.kind === 'auth') return { type: 'call-settled', outcome: { status: 'auth_required' } };
  const { message } = failure;
  const error =
    failure.kind === 'rpc' ? { code: failure.code, message, data: failure.data } : { code: -32600, message };
  return { type: 'call-settled', outcome: { status: 'failed', error } };
}

/** By the specification, and by servers on SDK 1.x: "this tool is only called as a task". Nothing ran. */
function wantsTask(failure: Failure): boolean {
  return failure.kind === 'rpc' && (failure.code === -32601 || failure.code === -32600);
}

function unasked({ taskId, raw }: TaskSnapshot): CallEvent {
  const message = `The server made task ${taskId} although none was asked for`;
  return { type: 'call-settled', outcome: { status: 'unknown', error: { code: -32603, message, data: raw } } };
}

/** Sends `tools/call` once and says what came of it. Without a time limit: what is slow is not lost. */
export async function placeCall(
  connection: Connection,
  dialect: TaskDialect,
  record: TaskRecord,
  placement: Placement,
): Promise<CallEvent> {
  const { tool: name, arguments: args, requestState } = record;
  const { orAsTask = false, progressToken, ...rest } = placement;
  const call = dialect.encodeCall({ name, arguments: args, requestState, ...rest });
  const params = withProgressToken(call, progressToken);
  try {
    const options = { timeoutMs: null, stream: record.id };
    const answer = dialect.decodeCall(await connection.request('tools/call', params, options));
    if (answer.kind === 'invalid') {
      return {
        type: 'call-lost',
        failure: { kind: 'invalid', message: `The answer to the call is unreadable: ${answer.problem}` },
      };
    }
    const { value } = answer;
    if (value.kind === 'task' && dialect.resultApart && !placement.asTask) return unasked(value.snapshot);
    if (value.kind === 'task') return { type: 'task-observed', snapshot: value.snapshot, polled: false };
    if (value.kind === 'complete')
      return { type: 'call-settled', outcome: { status: 'completed', result: toolResultOf(value.result) } };
    return { type: 'call-asked', requests: value.inputRequests, requestState: value.requestState };
  } catch (error) {
    const failure = failureOf(error);
    if (orAsTask && wantsTask(failure)) {
      return placeCall(connection, dialect, record, { ...placement, asTask: true, orAsTask: false });
    }
    return eventOfFailure(failure);
  }
}
