import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import type { RecordFilter } from './task-store.ts';

export function isOpen(record: TaskRecord): boolean {
  return record.phase !== 'settled';
}

/** Open ones first, then the newest; the id decides a tie, so that every store lists alike. */
export function compareRecords(a: TaskRecord, b: TaskRecord): number {
  const byOpen = Number(isOpen(b)) - Number(isOpen(a));
  if (byOpen !== 0) return byOpen;
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.id < b.id ? -1 : 1;
}

export function isMatching(record: TaskRecord, filter: RecordFilter): boolean {
  if (filter.open === true && !isOpen(record)) return false;
  return filter.fingerprint === undefined || record.server.fingerprint === filter.fingerprint;
}

/** What makes a task one task wherever it is seen; `undefined` until the server has named it. */
export function identityOf(record: TaskRecord): string | undefined {
  if (record.taskId === null) return undefined;
  return JSON.stringify([record.server.fingerprint, record.revision, record.server.account ?? '', record.taskId]);
}

/** @throws {TaskError} when a change would make another record of it. */
export function assertSameRecord(before: TaskRecord, after: TaskRecord): void {
  if (before.id !== after.id) throw new TypeError(`A change may not rename record ${before.id} to ${after.id}.`);
}

export function duplicateRecord(record: TaskRecord, cause?: unknown): TaskError {
  const named = record.taskId === null ? `record ${record.id}` : `task ${record.taskId} of ${record.server.label}`;
  return new TaskError('ambiguous-id', `There is a record of ${named} already.`, {
    hint: 'Resume that record instead of making a second one.',
    cause,
  });
}
