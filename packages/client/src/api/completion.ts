import type { Clock } from '../clock.ts';
import { TaskError, type TaskErrorCode } from '../errors.ts';
import type { Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import { errorCodeOf } from '../task/verdicts.ts';
import { createProgressReport } from '../worker/progress.ts';
import type { CompletionRequest } from './call-api.ts';
import type { Question, TaskClient, TaskHandle, TaskUpdate } from './client-api.ts';

/** The fixed shape, for code that knows nothing of tasks: what a plain `tools/call` would have returned. */
export async function callToCompletion(
  callTool: TaskClient['callTool'],
  clock: Clock,
  request: CompletionRequest,
): Promise<CallToolResult> {
  const { signal, timeoutMs, ttlMs, onProgress, onQuestion, ...call } = request;
  const timer = new AbortController();
  const take = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, () => timer.abort());
  const stop = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
  const report = createProgressReport(onProgress);
  let recorded = '';
  try {
    const answer = await callTool(call, {
      signal: stop,
      onRecorded: ({ id }) => {
        recorded = id;
      },
      ...(ttlMs === undefined ? {} : { ttlMs }),
      ...(onProgress === undefined ? {} : { onProgress: report.progress }),
    });
    if (answer.kind === 'complete') return answer.result;
    const { task } = answer;
    const updates = task.updates();
    // Ends with the updates, and by itself only by what the caller's own answer threw.
    const attending = attend(updates, task, onQuestion, report.message);
    const waiting = task.outcome({ signal: stop });
    const outcome = await Promise.race([waiting, attending.then(() => waiting)]).finally(() => updates.return?.());
    return resultOf(outcome.status === 'detached' && timer.signal.aborted ? TIMED_OUT : outcome, call.name, task);
  } catch (error) {
    const isLate = timer.signal.aborted && error instanceof TaskError && error.code === 'aborted';
    if (isLate) throw late(call.name, recorded, error);
    throw error;
  } finally {
    take?.();
  }
}

const TIMED_OUT: Outcome = { status: 'timed_out' };

/** No task was made of it: the server is at the call itself. */
function late(tool: string, id: string, cause: TaskError): TaskError {
  const hint = `It may still run; what comes of it is recorded as ${id}. Calling again could run it twice.`;
  return new TaskError('timed-out', `${tool} has not returned in time`, { cause, hint });
}

async function attend(
  updates: AsyncIterable<TaskUpdate>,
  task: TaskHandle,
  onQuestion: CompletionRequest['onQuestion'],
  onMessage: (message: string) => void,
): Promise<void> {
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const watched = (async () => {
    for await (const update of updates) {
      if (update.record.statusMessage !== undefined) onMessage(update.record.statusMessage);
      if (update.kind !== 'question' || onQuestion === undefined) continue;
      ask(update.question, task, onQuestion).catch(fail);
    }
  })();
  await Promise.race([watched, failed]);
}

/** Somebody else was quicker, or the question is gone: nothing the caller has to hear of. */
const OVERTAKEN: readonly TaskErrorCode[] = ['question-not-open', 'question-changed', 'already-settled'];

async function ask(
  question: Question,
  task: TaskHandle,
  onQuestion: NonNullable<CompletionRequest['onQuestion']>,
): Promise<void> {
  const response = await onQuestion({ ...question, task });
  if (response === undefined) return;
  try {
    await question.answer(response);
  } catch (error) {
    if (!(error instanceof TaskError && OVERTAKEN.includes(error.code))) throw error;
  }
}

function resultOf({ status, result, error }: Outcome, tool: string, { id }: TaskHandle): CallToolResult {
  if (result !== undefined) return result;
  const isOver = ['completed', 'failed', 'cancelled', 'expired'].includes(status);
  const reason = error === undefined ? '' : `: ${error.message}`;
  throw new TaskError(errorCodeOf({ status }), `${tool} did not complete (${status.replace('_', ' ')})${reason}`, {
    cause: error,
    ...(isOver ? {} : { hint: `Its task is on record as ${id} and can be resumed.` }),
  });
}
