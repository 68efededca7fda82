import type { Clock } from '../clock.ts';
import { TaskError, type TaskErrorCode } from '../errors.ts';
import type { Progress } from '../task/progress.ts';
import type { Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';
import { errorCodeOf } from '../task/verdicts.ts';
import { createProgressReport } from '../worker/progress.ts';
import type { CallRequest, RunOptions } from './call-api.ts';
import type { TaskClient } from './client-api.ts';
import type { FollowedTask, Question, TaskHandle, TaskUpdate } from './handle-api.ts';

/** The result of a plain `tools/call`, for code that does not use tasks. */
export async function runCall(
  start: TaskClient['start'],
  clock: Clock,
  request: CallRequest,
  { signal, timeoutMs, onProgress, onQuestion }: RunOptions,
): Promise<CallToolResult> {
  const timer = new AbortController();
  const cancelTimer = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, () => timer.abort());
  const stop = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
  let task: FollowedTask | undefined;
  try {
    task = await start({ ...request, signal: stop });
    const watch = watchUpdates(task, { onProgress, onQuestion });
    const answer = await watch.unlessFailed(task.accepted({ signal: stop }));
    if (answer.kind === 'complete') {
      await watch.finished();
      return answer.result;
    }
    const stopOnInput = onQuestion === 'throw';
    const outcome = await watch.unlessFailed(task.outcome({ signal: stop, stopOnInput }));
    if (task.latest.outcome !== null) await watch.finished();
    else watch.leave();
    return resultOf(outcome.status === 'detached' && timer.signal.aborted ? TIMED_OUT : outcome, task);
  } catch (error) {
    const isLate = timer.signal.aborted && TaskError.is(error) && error.code === 'aborted';
    throw isLate ? timeoutError(request.name, task?.id, error) : error;
  } finally {
    cancelTimer?.();
  }
}

const TIMED_OUT: Outcome = { status: 'timed_out' };

/** The timeout error of a call without a task: the server still works on the call. */
function timeoutError(tool: string, id: string | undefined, cause: TaskError): TaskError {
  if (id === undefined) return new TaskError('timed-out', `${tool} was not called in time`, { cause });
  const hint = `It may still run; record ${id} keeps its result. Calling again could run it twice.`;
  return new TaskError('timed-out', `${tool} has not returned in time`, { cause, hint });
}

interface UpdateWatch {
  /** The value of `work`. Rejects when `onQuestion` or its answer failed. */
  unlessFailed<T>(work: Promise<T>): Promise<T>;
  /** Resolves when the caller has received all updates: the task has ended. */
  finished(): Promise<void>;
  leave(): void;
}

/** Reports progress and passes questions to the caller, while the outcome is awaited. */
function watchUpdates(
  task: FollowedTask,
  { onProgress, onQuestion }: Pick<RunOptions, 'onProgress' | 'onQuestion'>,
): UpdateWatch {
  const updates = task.updates();
  const report = createProgressReport(onProgress);
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  function handleUpdate(update: TaskUpdate): void {
    if (update.kind === 'progress') report.progress(progressOf(update));
    const { statusMessage } = update.record;
    if (statusMessage !== undefined) report.message(statusMessage);
    if (update.kind !== 'question' || typeof onQuestion !== 'function') return;
    passQuestion(update.question, task, onQuestion).catch(fail);
  }

  const loop = (async () => {
    for await (const update of updates) handleUpdate(update);
  })();
  loop.catch(fail);
  const leave = (): void => void updates.return?.();
  return {
    unlessFailed: (work) =>
      Promise.race([work, failed]).catch((error) => {
        leave();
        throw error;
      }),
    finished: () => Promise.race([loop, failed]),
    leave,
  };
}

function progressOf({ progress, total, message }: Progress): Progress {
  return { progress, ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message }) };
}

/** Ignored errors of an answer: another process answered first, or the question is closed. */
const OVERTAKEN: readonly TaskErrorCode[] = ['question-not-open', 'question-changed', 'already-settled'];

async function passQuestion(
  question: Question,
  task: TaskHandle,
  onQuestion: Exclude<RunOptions['onQuestion'], 'throw' | undefined>,
): Promise<void> {
  const response = await onQuestion({ ...question, task });
  if (response === undefined) return;
  try {
    await question.answer(response);
  } catch (error) {
    if (!(TaskError.is(error) && OVERTAKEN.includes(error.code))) throw error;
  }
}

function resultOf({ status, result, error }: Outcome, { id, latest: { tool } }: FollowedTask): CallToolResult {
  if (result !== undefined) return result;
  const isOver = ['completed', 'failed', 'cancelled', 'expired'].includes(status);
  const reason = error === undefined ? '' : `: ${error.message}`;
  throw new TaskError(errorCodeOf({ status }), `${tool} did not complete (${status.replace('_', ' ')})${reason}`, {
    cause: error,
    ...(isOver ? {} : { hint: `Follow its task again: record ${id}.` }),
  });
}
