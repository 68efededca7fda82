import type { LifecycleEvent } from '../machine/lifecycle.ts';
import type { TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import { isTerminal } from '../task/task.ts';

/**
 * The fields that a poll without news changes, and progress. They are kept in memory and saved with the next real
 * change, or once a minute (progress: with the next heartbeat): other readers see them with that delay.
 */
const SCHEDULE: ReadonlySet<string> = new Set<keyof TaskRecord>(['nextPollAt', 'observedAt', 'updatedAt', 'progress']);

/** Whether two records differ only in their poll times and progress. */
export function isScheduleOnly(before: TaskRecord, after: TaskRecord): boolean {
  if (before === after) return true;
  for (const key in before) {
    if (!SCHEDULE.has(key) && !isSame(before, after, key as keyof TaskRecord)) return false;
  }
  for (const key in after) {
    if (!SCHEDULE.has(key) && !(key in before) && after[key as keyof TaskRecord] !== undefined) return false;
  }
  // Stopping or resuming polling is a real change.
  return (before.nextPollAt === undefined) === (after.nextPollAt === undefined);
}

function isSame(before: TaskRecord, after: TaskRecord, key: keyof TaskRecord): boolean {
  return isSameJson(before[key], after[key]);
}

/** The stored record with the newer schedule from memory. */
export function withSchedule(stored: TaskRecord, here: TaskRecord): TaskRecord {
  if (stored === here || stored.phase === 'settled') return stored;
  const { observedAt, updatedAt, nextPollAt, progress } = here;
  const next = { ...stored, observedAt, updatedAt, nextPollAt };
  return progress === undefined ? next : { ...next, progress };
}

/** Whether two records are equal, schedule included. */
export function isSameRecord(before: TaskRecord, after: TaskRecord): boolean {
  const { nextPollAt, observedAt, updatedAt } = after;
  const isSameSchedule =
    before.nextPollAt === nextPollAt && before.observedAt === observedAt && before.updatedAt === updatedAt;
  return isSameSchedule && isSame(before, after, 'progress') && isScheduleOnly(before, after);
}

/** Whether the event ends the task. Such a step always changes the record, so it is not tried in memory first. */
export function isEnd(event: LifecycleEvent): boolean {
  return event.type === 'task-observed' && isTerminal(event.snapshot.status);
}
