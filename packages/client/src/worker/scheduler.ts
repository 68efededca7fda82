import { type Clock, monotonicNow } from '../clock.ts';
import { MAX_TIMER_MS } from '../machine/poll-pace.ts';
import { createDueHeap } from './due-heap.ts';

/** Timers may fire slightly early. */
const TIMER_SLACK_MS = 100;

/** Tasks due within this time of the last wake-up are woken together, to save wake-ups of the process. */
const TOGETHER_MS = 25;
/** Limit of tasks woken in one turn of the event loop: after a delay of the process thousands may be due at once. */
const MAX_TOGETHER = 250;

/** Wakes tasks at their due times, or a moment later, with a single timer. */
export interface Scheduler {
  /** Calls `wake` once at the instant, not before; setting the same callback again moves it. */
  set(wake: () => void, at: number): void;
  delete(wake: () => void): void;
  /**
   * Wakes tasks that are due by the wall clock although the timer has not fired: timers stop while a machine sleeps.
   */
  catchUp(): void;
}

export function createScheduler(clock: Clock): Scheduler {
  const due = createDueHeap<() => void>();
  let firesAt = 0;
  let firedAt = Number.NEGATIVE_INFINITY;
  let timerAt = Number.POSITIVE_INFINITY;
  let cancel: () => void = () => undefined;

  function arm(): void {
    const next = due.next() ?? Number.POSITIVE_INFINITY;
    if (next === timerAt) return;
    cancel();
    timerAt = next;
    if (next === Number.POSITIVE_INFINITY) return;
    const now = clock.now();
    const pauseMs = Math.min(TOGETHER_MS, firedAt + TOGETHER_MS - monotonicNow(clock));
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, next - now, pauseMs));
    firesAt = now + delayMs;
    cancel = clock.schedule(delayMs, fire);
  }

  function fire(): void {
    // A clock that moved back would delay every task: wake all, and each sets its next time.
    const wasSetBack = clock.now() < firesAt - TIMER_SLACK_MS;
    timerAt = Number.POSITIVE_INFINITY;
    firedAt = monotonicNow(clock);
    if (wasSetBack) wakeAll(due.takeDue(Number.POSITIVE_INFINITY));
    else catchUp();
  }

  function catchUp(): void {
    wakeAll(due.takeDue(clock.now(), MAX_TOGETHER));
  }

  function wakeAll(wakes: readonly (() => void)[]): void {
    for (const wake of wakes) wake();
    arm();
  }

  return {
    set(wake, at) {
      due.set(wake, at);
      arm();
    },
    delete(wake) {
      due.delete(wake);
      arm();
    },
    catchUp,
  };
}

const schedulers = new WeakMap<Clock, Scheduler>();

/** One scheduler for all clients of a process with the same clock. */
export function schedulerOf(clock: Clock): Scheduler {
  const scheduler = schedulers.get(clock) ?? createScheduler(clock);
  schedulers.set(clock, scheduler);
  return scheduler;
}
