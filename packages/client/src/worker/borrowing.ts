import type { Clock } from '../clock.ts';
import { stopOf } from '../machine/lifecycle-state.ts';
import { dueAt } from '../task/record.ts';
import type { Scheduler } from './scheduler.ts';
import type { TaskView } from './task-view.ts';

/** The delay before another claim when the lease was not free. */
const RETRY_MS = 1_000;

/** Borrows the lease for one poll at a time (observer), so that it stays free for a process that may answer. */
export interface Borrowing {
  /** A claim is in flight. */
  readonly isClaiming: boolean;
  /** Schedules the next poll at the due time of the record. */
  schedule(): void;
  /** Claims the lease now; the view is `leading` afterwards if it was free. */
  borrow(): Promise<void>;
  isDue(): boolean;
}

/** The task that borrows. */
export interface Borrower {
  readonly wake: () => void;
  /** Claims the lease through the worker. */
  claim(): Promise<void>;
}

export function createBorrowing(view: TaskView, scheduler: Scheduler, clock: Clock, borrower: Borrower): Borrowing {
  let isClaiming = false;

  function due(): number {
    const { record } = view.state;
    return record.taskId === null ? 0 : dueAt(record, clock.now());
  }

  const borrowing: Borrowing = {
    get isClaiming() {
      return isClaiming && view.mode.kind === 'watching';
    },
    isDue: () => due() <= clock.now(),
    schedule() {
      if (view.mode.kind !== 'watching' || stopOf(view.state) !== null) return;
      const now = clock.now();
      scheduler.set(borrower.wake, borrowing.isDue() ? now + RETRY_MS : due());
    },
    async borrow() {
      if (view.mode.kind !== 'watching') return;
      isClaiming = true;
      await borrower.claim();
      isClaiming = false;
      borrowing.schedule();
    },
  };
  return borrowing;
}
