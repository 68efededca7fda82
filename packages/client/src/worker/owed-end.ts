import type { TaskRecord } from '../task/record.ts';

/** The record as it settles, with the mark that its end is owed to somebody. */
export function withOwedEnd(before: TaskRecord, after: TaskRecord): TaskRecord {
  const isSettling = before.phase !== 'settled' && after.phase === 'settled';
  return isSettling && after.deliveredAt === undefined ? { ...after, deliveredAt: null } : after;
}
