import { TaskError } from '../errors.ts';
import type { Outcome } from '../task/task.ts';
import type { OutcomeOptions, TaskHandle } from './client-api.ts';

/** A task, and how waiting for it ended. */
export interface Waited {
  /** Which one. */
  readonly task: TaskHandle;
  /** As its `outcome()` says it. */
  readonly outcome: Outcome;
}

/**
 * Waits for the first of several tasks, of whatever servers; the others go on.
 * @throws {TaskError} `not-found` when there is none to wait for
 */
export async function waitAny(tasks: readonly TaskHandle[], options: OutcomeOptions = {}): Promise<Waited> {
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

/** Waits for all of them; the outcomes come in the order of the tasks. */
export async function waitAll(tasks: readonly TaskHandle[], options: OutcomeOptions = {}): Promise<readonly Waited[]> {
  return Promise.all(tasks.map(async (task) => ({ task, outcome: await task.outcome(options) })));
}
