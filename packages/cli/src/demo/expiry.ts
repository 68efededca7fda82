import type { TaskRecord } from '@mcp-tasks/client';
import { stateOf } from './task-record.ts';

/** Instant after which a task is dropped; `undefined` if it is kept, as a working task without `forgetAt` is. */
export function dropAt(record: TaskRecord, graceMs: number): number | undefined {
  const { forgetAt, ttlMs } = stateOf(record);
  const { status, phase, createdAt, updatedAt } = record;
  const end = ttlMs === null || status === 'working' ? undefined : createdAt + ttlMs;
  // A task that ended after its time to live is kept for a grace period, so that its result can be read.
  const kept = end !== undefined && phase === 'settled' && updatedAt > end ? updatedAt + graceMs : end;
  if (forgetAt === null) return kept;
  return Math.min(forgetAt, kept ?? Number.POSITIVE_INFINITY);
}

export function isExpired(record: TaskRecord, now: number, graceMs: number): boolean {
  const at = dropAt(record, graceMs);
  return at !== undefined && now > at;
}
