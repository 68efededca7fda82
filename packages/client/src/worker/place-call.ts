import { type Connection, ConnectionFailure, type Failure } from '../connect/connection.ts';
import type { LifecycleEvent } from '../machine/lifecycle.ts';
import type { CallParameters, TaskDialect } from '../protocol/dialect.ts';
import type { Verdict } from '../task/failure.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';
import { toolResultOf } from '../task/tool-result.ts';
import { outcomeOfFailure } from '../task/verdicts.ts';

type EventOf<Type extends LifecycleEvent['type']> = Omit<Extract<LifecycleEvent, { type: Type }>, 'now' | 'chance'>;

export type CallEvent =
  | EventOf<'task-observed'>
  | EventOf<'call-settled'>
  | EventOf<'call-asked'>
  | EventOf<'call-lost'>;

export interface Placement extends Pick<CallParameters, 'asTask' | 'ttlMs' | 'inputResponses' | 'progressToken'> {
  /** Task support of the tool is unknown: if the call is refused for that, repeat it as a task. @default false */
  readonly orAsTask?: boolean | undefined;
  /** Aborting cancels the request. The abort reason is the `CallEvent` to return. */
  readonly signal?: AbortSignal | undefined;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectionFailure) return error.failure;
  return { kind: 'transport', message: error instanceof Error ? error.message : String(error) };
}

function eventOfFailure(failure: Failure, verdict: Verdict): CallEvent {
  // Without a response the call may have run.
  if (verdict === 'retry' || verdict === 'aborted') return { type: 'call-lost', failure: { ...failure, verdict } };
  return { type: 'call-settled', outcome: outcomeOfFailure({ ...failure, verdict }) };
}

function eventOfUnrequestedTask({ taskId, raw }: TaskSnapshot): CallEvent {
  const message = `The server made task ${taskId} although the call did not ask for one`;
  return { type: 'call-settled', outcome: { status: 'unknown', error: { code: null, message, data: raw } } };
}

/** Sends the call once and classifies the response. No timeout: a slow call is not lost. */
export async function placeCall(
  connection: Connection,
  dialect: TaskDialect,
  record: TaskRecord,
  placement: Placement,
): Promise<CallEvent> {
  const { id, tool: name, arguments: args, requestState, inputRequests } = record;
  const { orAsTask = false, signal, ...rest } = placement;
  const call = { id, name, arguments: args, requestState, inputRequests, ...rest };
  try {
    const { method, params } = dialect.call(call);
    const options = { timeoutMs: null, stream: id, signal };
    const answer = dialect.decodeCall(await connection.request(method, params, options), call);
    if (answer.kind === 'invalid') {
      const message = `The response to the call cannot be read: ${answer.problem}`;
      return { type: 'call-lost', failure: { kind: 'invalid', message, verdict: 'retry' } };
    }
    const { value } = answer;
    if (value.kind === 'task' && !value.asked) return eventOfUnrequestedTask(value.snapshot);
    if (value.kind === 'task') return { type: 'task-observed', snapshot: value.snapshot, polled: false };
    if (value.kind === 'complete')
      return {
        type: 'call-settled',
        outcome: { status: 'completed', result: toolResultOf(value.result) },
        warning: value.warning,
      };
    return { type: 'call-asked', requests: value.inputRequests, requestState: value.requestState };
  } catch (error) {
    const failure = failureOf(error);
    const verdict = dialect.judge(failure, 'call');
    if (orAsTask && verdict === 'needs-task') {
      return placeCall(connection, dialect, record, { ...placement, asTask: true, orAsTask: false });
    }
    return signal?.aborted ? (signal.reason as CallEvent) : eventOfFailure(failure, verdict);
  }
}
