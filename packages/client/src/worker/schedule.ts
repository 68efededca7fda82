import type { LifecycleEvent } from '../machine/lifecycle.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import { isTerminal } from '../task/task.ts';

/**
 * What a poll that brought nothing new changes of a record, and progress. It is kept in memory and reaches the store with
 * the next real change, or once a minute (progress: with the next heartbeat): other readers are so far behind.
 */
const SCHEDULE: ReadonlySet<string> = new Set<keyof TaskRecord>(['nextPollAt', 'observedAt', 'updatedAt', 'progress']);

/** Whether the two differ in nothing but when the server was asked, and when it is asked next. */
export function isScheduleOnly(before: TaskRecord, after: TaskRecord): boolean {
  if (before === after) return true;
  for (const key in before) {
    if (!SCHEDULE.has(key) && !isSame(before, after, key as keyof TaskRecord)) return false;
  }
  for (const key in after) {
    if (!SCHEDULE.has(key) && !(key in before) && after[key as keyof TaskRecord] !== undefined) return false;
  }
  // That nobody polls it any more is news.
  return (before.nextPollAt === undefined) === (after.nextPollAt === undefined);
}

function isSame(before: TaskRecord, after: TaskRecord, key: keyof TaskRecord): boolean {
  return isSameJson(before[key], after[key]);
}

/** The record as it is stored, with the schedule that is known here. */
export function withSchedule(stored: TaskRecord, here: TaskRecord): TaskRecord {
  if (stored === here || stored.phase === 'settled') return stored;
  const { observedAt, updatedAt, nextPollAt, progress } = here;
  const next = { ...stored, observedAt, updatedAt, nextPollAt };
  return progress === undefined ? next : { ...next, progress };
}

/** Whether the two are the same, the schedule included. */
export function isSameRecord(before: TaskRecord, after: TaskRecord): boolean {
  const { nextPollAt, observedAt, updatedAt } = after;
  const isSameSchedule =
    before.nextPollAt === nextPollAt && before.observedAt === observedAt && before.updatedAt === updatedAt;
  return isSameSchedule && isSame(before, after, 'progress') && isScheduleOnly(before, after);
}

/** How a task ended is never a matter of the schedule alone: it need not be tried out in memory first. */
export function isEnd(event: LifecycleEvent): boolean {
  return event.type === 'task-observed' && isTerminal(event.snapshot.status);
}
