import type { Clock } from '../clock.ts';
import { stopOf } from '../machine/lifecycle-state.ts';
import { dueAt } from '../task/record.ts';
import type { Scheduler } from './scheduler.ts';
import type { TaskView } from './task-view.ts';

/** How soon the lease is asked for again when it was not free. */
const AGAIN_MS = 1_000;

/** One who only watches borrows the lease for one poll at a time, so that it stays free for one who may answer. */
export interface Borrowing {
  /** The lease is asked for now. */
  readonly isAsking: boolean;
  /** Plans the next poll: when the task is due by its record. */
  schedule(): void;
  /** Asks for the lease now; the view is `leading` afterwards when it was free. */
  borrow(): Promise<void>;
  isDue(): boolean;
}

/** Whose task it is. */
export interface Borrower {
  readonly wake: () => void;
  /** Asks the worker for the lease. */
  claim(): Promise<void>;
}

export function createBorrowing(view: TaskView, scheduler: Scheduler, clock: Clock, borrower: Borrower): Borrowing {
  let isAsking = false;

  function due(): number {
    const { record } = view.state;
    return record.taskId === null ? 0 : dueAt(record, clock.now());
  }

  const borrowing: Borrowing = {
    get isAsking() {
      return isAsking && view.mode.kind === 'watching';
    },
    isDue: () => due() <= clock.now(),
    schedule() {
      if (view.mode.kind !== 'watching' || stopOf(view.state) !== null) return;
      const now = clock.now();
      scheduler.set(borrower.wake, borrowing.isDue() ? now + AGAIN_MS : due());
    },
    async borrow() {
      if (view.mode.kind !== 'watching') return;
      isAsking = true;
      await borrower.claim();
      isAsking = false;
      borrowing.schedule();
    },
  };
  return borrowing;
}
