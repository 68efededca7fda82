import { TaskError } from '../errors.ts';
import type { Outcome } from '../task/task.ts';
import type { OutcomeOptions, TaskHandle } from './handle-api.ts';

/** A task and its outcome. */
export interface Waited<Task extends TaskHandle = TaskHandle> {
  /** The task. */
  readonly task: Task;
  /** The result of its `outcome()`. */
  readonly outcome: Outcome;
}

/**
 * Waits for the first of several tasks, of any servers; the others keep running.
 * @throws {TaskError} `not-found` for an empty list
 * @example
 * import { waitAny } from '@mcp-tasks/client';
 *
 * const { records } = await tasks.list({ open: true });
 * const first = await waitAny(records.map((record) => tasks.get(record.id)));
 * console.log(first);
 */
export async function waitAny<Task extends TaskHandle>(
  tasks: readonly Task[],
  options: OutcomeOptions = {},
): Promise<Waited<Task>> {
  if (tasks.length === 0) throw new TaskError('not-found', 'There is no task to wait for');
  const others = new AbortController();
  const signals = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([...signals, others.signal]);
  try {
    return await Promise.race(
      tasks.map(async (task) => ({ task, outcome: await task.outcome({ ...options, signal }) })),
    );
  } finally {
    others.abort(); // stops the waiting, not the tasks
  }
}

/** Waits for all tasks; outcomes come in the order of the tasks. */
export async function waitAll<Task extends TaskHandle>(
  tasks: readonly Task[],
  options: OutcomeOptions = {},
): Promise<readonly Waited<Task>[]> {
  return Promise.all(tasks.map(async (task) => ({ task, outcome: await task.outcome(options) })));
}
