import type { Clock } from '../clock.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { FollowedTask, OutcomeOptions, TaskHandle } from './handle-api.ts';
import { createSettledTask } from './settled-task.ts';
import { openedLater } from './update-iterators.ts';

export interface LazyHandleOptions {
  readonly clock: Clock;
  /** Takes up the open task with this local id, where that can be done without looking up its record first. */
  claim?(): Promise<FollowedTask | undefined>;
  /** @throws {TaskError} `not-found`, `ambiguous-id`, `server-changed` */
  read(): Promise<TaskRecord>;
  /** Begins to follow the task that is not settled. */
  open(record: TaskRecord): Promise<FollowedTask>;
}

/** A handle at once. The record is read, and the task followed, when a method needs it. */
export function createLazyHandle(reference: string, { clock, claim, read, open }: LazyHandleOptions): TaskHandle {
  let opening: Promise<FollowedTask> | undefined;
  let opened: FollowedTask | undefined;
  let id = reference;
  let isDetached = false;

  async function openRead(): Promise<FollowedTask> {
    const record = await read();
    return record.outcome === null ? open(record) : createSettledTask(record, record.outcome);
  }

  async function openNow(): Promise<FollowedTask> {
    const task = (await claim?.()) ?? (await openRead());
    ({ id } = task);
    if (isDetached) task.detach();
    opened = task;
    return task;
  }

  /** What failed once is tried again by the next method. */
  function follow(): Promise<FollowedTask> {
    opening ??= openNow().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  return {
    get id() {
      return id;
    },
    async record() {
      if (opened !== undefined) return opened.record();
      const record = await read();
      ({ id } = record);
      return record;
    },
    follow,
    accepted: async (options) => (await follow()).accepted(options),
    updates: () => openedLater(async () => (await follow()).updates()),
    outcome: (options = {}) => (opened === undefined ? outcomeOf(follow, options, clock) : opened.outcome(options)),
    question: async (key, digest) => (await follow()).question(key, digest),
    cancel: async (options) => (await follow()).cancel(options),
    refresh: async () => (await follow()).refresh(),
    detach() {
      isDetached = true;
      opened?.detach();
    },
  };
}

/** The limits of the waiting count while the connection is opened too. */
async function outcomeOf(
  follow: () => Promise<FollowedTask>,
  { timeoutMs, signal, ...options }: OutcomeOptions,
  clock: Clock,
): Promise<Outcome> {
  const timer = new AbortController();
  const take = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, () => timer.abort());
  const stop = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    const task = await Promise.race([follow(), stopped]);
    const outcome = await task?.outcome({ ...options, signal: stop });
    if (outcome !== undefined && outcome.status !== 'detached') return outcome;
    return { status: timer.signal.aborted ? 'timed_out' : 'detached' };
  } finally {
    take?.();
  }
}
