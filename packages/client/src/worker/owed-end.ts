import type { TaskRecord } from '../task/record.ts';

/** The settled record, marked as undelivered. */
export function withOwedEnd(before: TaskRecord, after: TaskRecord): TaskRecord {
  const isSettling = before.phase !== 'settled' && after.phase === 'settled';
  return isSettling && after.deliveredAt === undefined ? { ...after, deliveredAt: null } : after;
}
