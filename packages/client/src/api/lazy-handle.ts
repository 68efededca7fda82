import type { Clock } from '../clock.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { CallAnswer, FollowedTask, OutcomeOptions, Question, TaskHandle, TaskUpdate } from './handle-api.ts';
import { createSettledTask } from './settled-task.ts';
import { openLazily } from './update-iterators.ts';

/** The lookup of tasks for the handles of one client. */
export interface HandleSource {
  readonly clock: Clock;
  /** Resumes the open task with this local id, if possible without a lookup of its record. */
  claim?(id: string): Promise<FollowedTask | undefined>;
  /** @throws {TaskError} `not-found`, `ambiguous-id`, `server-changed` */
  read(reference: string): Promise<TaskRecord>;
  /** Begins to follow the unsettled task. */
  open(record: TaskRecord): Promise<FollowedTask>;
}

/** A handle, synchronously. The record is read, and the task followed, on demand. */
export function createLazyHandle(reference: string, source: HandleSource): TaskHandle {
  return new LazyHandle(reference, source);
}

/** No closures: a process holds thousands of handles. */
class LazyHandle implements TaskHandle {
  readonly #reference: string;
  readonly #source: HandleSource;
  #id: string;
  #opening: Promise<FollowedTask> | undefined;
  #opened: FollowedTask | undefined;
  #isDetached = false;

  constructor(reference: string, source: HandleSource) {
    this.#reference = reference;
    this.#source = source;
    this.#id = reference;
  }

  get id(): string {
    return this.#id;
  }

  async record(): Promise<TaskRecord> {
    if (this.#opened !== undefined) return this.#opened.record();
    const record = await this.#source.read(this.#reference);
    this.#id = record.id;
    return record;
  }

  /** A failure is not cached: the next method tries again. */
  follow(): Promise<FollowedTask> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async accepted(options?: Parameters<TaskHandle['accepted']>[0]): Promise<CallAnswer> {
    return (await this.follow()).accepted(options);
  }

  updates(): AsyncIterableIterator<TaskUpdate> {
    return openLazily(async () => (await this.follow()).updates());
  }

  outcome(options: OutcomeOptions = {}): Promise<Outcome> {
    return this.#opened?.outcome(options) ?? outcomeOf(() => this.follow(), options, this.#source.clock);
  }

  async question(key: string, digest?: string): Promise<Question> {
    return (await this.follow()).question(key, digest);
  }

  async cancel(options?: Parameters<TaskHandle['cancel']>[0]): Promise<void> {
    return (await this.follow()).cancel(options);
  }

  async refresh(): Promise<TaskRecord> {
    return (await this.follow()).refresh();
  }

  detach(): void {
    this.#isDetached = true;
    this.#opened?.detach();
  }

  async #open(): Promise<FollowedTask> {
    try {
      const task = (await this.#source.claim?.(this.#reference)) ?? (await this.#openRead());
      this.#id = task.id;
      if (this.#isDetached) task.detach();
      this.#opened = task;
      return task;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #openRead(): Promise<FollowedTask> {
    const record = await this.#source.read(this.#reference);
    return record.outcome === null ? this.#source.open(record) : createSettledTask(record, record.outcome);
  }
}

/** The timeout and signal also cover the opening of the connection. */
async function outcomeOf(
  follow: () => Promise<FollowedTask>,
  { timeoutMs, signal, ...options }: OutcomeOptions,
  clock: Clock,
): Promise<Outcome> {
  const timer = new AbortController();
  const cancelTimer = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, () => timer.abort());
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
    cancelTimer?.();
  }
}
