import type { Clock } from '../clock.ts';
import { dialectOf } from '../protocol/select.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import type { Outcome } from '../task/task.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { createBroadcast } from '../worker/broadcast.ts';
import type { KnownTask } from '../worker/followed-task.ts';
import type { RecordWatch } from './record-watch.ts';

/** The close event of the mailbox, for any number of tasks. */
export interface Closing {
  readonly isClosed: boolean;
  /** Called once, on close. */
  readonly listeners: Set<() => void>;
}

export interface MailContext {
  readonly store: Pick<TaskStore, 'ownerOf'>;
  readonly clock: Clock;
  readonly workerWaitMs: number;
  readonly watch: RecordWatch['watch'];
  readonly closing: Closing;
}

/** A task driven by another process or by none: known by its record alone. */
export interface MailedTask extends KnownTask {
  /** Follows the record until the returned function is called. */
  hold(): () => void;
}

const NO_WORKER: Outcome = {
  status: 'unreachable',
  error: { code: null, message: 'no worker holds the task now' },
};

export function createMailedTask(first: TaskRecord, around: MailContext): MailedTask {
  const { store, clock, workerWaitMs, watch, closing } = around;
  const { id } = first;
  const broadcast = createBroadcast<TaskChange>();
  const listeners = new Set<() => void>();
  let record = first;
  let isDeleted = false;
  let blocked: Outcome | null = null;
  let holders = 0;
  let unwatch: (() => void) | undefined;
  let cancelWorkerCheck: (() => void) | undefined;

  function notify(): void {
    for (const listener of [...listeners]) listener();
  }

  function changed(next: TaskRecord | undefined): void {
    isDeleted = next === undefined;
    if (next === undefined) return void end();
    if (isSameJson(next, record)) return;
    const updates = updatesBetween(record, next);
    record = next;
    for (const update of updates) broadcast.publish(update);
    notify();
  }

  function scheduleWorkerCheck(): void {
    cancelWorkerCheck?.();
    cancelWorkerCheck = clock.schedule(workerWaitMs, () => {
      scheduleWorkerCheck();
      void store.ownerOf(id).then(
        (owner) => {
          blocked = owner === undefined ? NO_WORKER : null;
          notify();
        },
        () => undefined,
      );
    });
  }

  function end(): void {
    broadcast.end();
    notify();
  }

  return {
    dialect: dialectOf(first),
    broadcast,
    get record() {
      return record;
    },
    get isDeleted() {
      return isDeleted;
    },
    get blocked() {
      return blocked;
    },
    get isLeft() {
      return closing.isClosed;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async posted(saved) {
      blocked = null;
      changed(saved);
      if (holders > 0) scheduleWorkerCheck();
    },
    hold() {
      holders += 1;
      if (holders === 1) {
        unwatch = watch(id, changed);
        closing.listeners.add(end);
      }
      let isHeld = true;
      return () => {
        if (isHeld) holders -= 1;
        isHeld = false;
        if (holders > 0) return;
        unwatch?.();
        cancelWorkerCheck?.();
        closing.listeners.delete(end);
      };
    },
  };
}
