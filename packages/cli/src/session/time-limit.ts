import { TaskError } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { formatDuration, parseDuration } from '../display/duration.ts';
import { abortAfter } from '../timers.ts';

/** Time limit of a command (`--timeout` and Ctrl-C), counted from its start, including connecting. */
export interface TimeLimit {
  /** Deadline in ms since the epoch; undefined without `--timeout`. */
  readonly deadline: number | undefined;
  /** Aborts at the deadline and on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Returns the same promise; a failure after the deadline becomes a timeout error. @throws {TaskError} `timed-out` */
  explain<T>(work: Promise<T>, consequence: string): Promise<T>;
}

export function createTimeLimit(context: Context, timeout: string | undefined): TimeLimit {
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  if (timeoutMs === undefined) {
    return { deadline: undefined, signal: context.interrupt, explain: (work) => work };
  }
  const timer = abortAfter(context.clock, timeoutMs).signal;
  return {
    deadline: context.now() + timeoutMs,
    signal: AbortSignal.any([context.interrupt, timer]),
    async explain(work, consequence) {
      try {
        return await work;
      } catch (cause) {
        if (!timer.aborted || context.interrupt.aborted) throw cause;
        throw new TaskError('timed-out', `No answer within ${formatDuration(timeoutMs)}; ${consequence}`, { cause });
      }
    },
  };
}
