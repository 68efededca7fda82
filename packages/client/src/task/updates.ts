import { own } from './own.ts';
import type { Progress } from './progress.ts';
import { openQuestions, type TaskRecord } from './record.ts';
import type { InputRequest, Outcome } from './task.ts';

/** One change between two versions of a record, and the record after it. */
export type TaskChange =
  /** The status, status message, task id, time to live or cancel state changed. */
  | { readonly kind: 'status'; readonly record: TaskRecord }
  /** The server reported progress. */
  | (Progress & { readonly kind: 'progress'; readonly record: TaskRecord })
  /** A question is open and can be answered under this key. */
  | { readonly kind: 'question'; readonly key: string; readonly request: InputRequest; readonly record: TaskRecord }
  /** The question is closed: it was answered, here or elsewhere, or the server withdrew it. */
  | { readonly kind: 'question-withdrawn'; readonly key: string; readonly record: TaskRecord }
  /** A warning for people: an unreachable server or a refused question, for example. The task keeps running. */
  | { readonly kind: 'warning'; readonly message: string; readonly record: TaskRecord }
  /** The task settled; this is the last change. */
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly record: TaskRecord };

function isSameStatus(a: TaskRecord, b: TaskRecord): boolean {
  const isSame = a.status === b.status && a.statusMessage === b.statusMessage && a.taskId === b.taskId;
  if (!isSame || (a.ttlMs ?? null) !== (b.ttlMs ?? null)) return false;
  return a.cancelRequestedAt === b.cancelRequestedAt && a.cancelAcknowledgedAt === b.cancelAcknowledgedAt;
}

function isSameProgress(a: Progress, b: Progress | undefined): boolean {
  return a.progress === b?.progress && a.total === b.total && a.message === b.message;
}

/** The changes between two versions of a record. */
export function updatesBetween(before: TaskRecord | undefined, record: TaskRecord): readonly TaskChange[] {
  const updates: TaskChange[] = [];
  if (before === undefined || !isSameStatus(before, record)) updates.push({ kind: 'status', record });
  const { progress } = record;
  if (progress !== undefined && !isSameProgress(progress, before?.progress)) {
    updates.push({ kind: 'progress', ...progress, record });
  }
  const asked = before === undefined ? {} : openQuestions(before);
  const open = openQuestions(record);
  // A question replaced under its key is withdrawn first: an answer in progress was for the old one.
  const isSame = (key: string): boolean => own(before?.ledger, key)?.digest === own(record.ledger, key)?.digest;
  for (const key of Object.keys(asked)) {
    if (!Object.hasOwn(open, key) || !isSame(key)) updates.push({ kind: 'question-withdrawn', key, record });
  }
  for (const [key, request] of Object.entries(open)) {
    if (!Object.hasOwn(asked, key) || !isSame(key)) updates.push({ kind: 'question', key, request, record });
  }
  if (record.trouble !== undefined && record.trouble !== before?.trouble) {
    updates.push({ kind: 'warning', message: record.trouble, record });
  }
  for (const [key, entry] of Object.entries(record.ledger)) {
    const former = own(before?.ledger, key);
    if (entry.state === 'refused' && !(former?.state === 'refused' && former.digest === entry.digest)) {
      updates.push({ kind: 'warning', message: `Question "${key}" refused: ${entry.reason}`, record });
    }
  }
  if (record.outcome !== null && before?.outcome !== record.outcome && (before?.outcome ?? null) === null) {
    updates.push({ kind: 'settled', outcome: record.outcome, record });
  }
  return updates;
}
