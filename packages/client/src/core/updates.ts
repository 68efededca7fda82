import { openQuestions, type TaskRecord } from './record.ts';
import type { InputRequest, Outcome } from './task.ts';

/** What `updates()` yields: the record after the change, and what changed. */
export type TaskUpdate =
  | { readonly kind: 'status'; readonly record: TaskRecord }
  | { readonly kind: 'question'; readonly key: string; readonly request: InputRequest; readonly record: TaskRecord }
  | { readonly kind: 'question-withdrawn'; readonly key: string; readonly record: TaskRecord }
  | { readonly kind: 'warning'; readonly message: string; readonly record: TaskRecord }
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly record: TaskRecord };

function face(record: TaskRecord): string {
  const { status, statusMessage, taskId, ttlMs, cancelRequestedAt, cancelAcknowledgedAt } = record;
  return JSON.stringify([status, statusMessage, taskId, ttlMs, cancelRequestedAt, cancelAcknowledgedAt]);
}

/** What a follower is told when one record became the other. */
export function updatesBetween(before: TaskRecord | undefined, record: TaskRecord): readonly TaskUpdate[] {
  const updates: TaskUpdate[] = [];
  if (before === undefined || face(before) !== face(record)) updates.push({ kind: 'status', record });
  const asked = before === undefined ? {} : openQuestions(before);
  const open = openQuestions(record);
  for (const [key, request] of Object.entries(open)) {
    if (asked[key] === undefined) updates.push({ kind: 'question', key, request, record });
  }
  for (const key of Object.keys(asked)) {
    if (open[key] === undefined) updates.push({ kind: 'question-withdrawn', key, record });
  }
  if (record.trouble !== undefined && record.trouble !== before?.trouble) {
    updates.push({ kind: 'warning', message: record.trouble, record });
  }
  for (const [key, entry] of Object.entries(record.ledger)) {
    if (entry.state === 'refused' && before?.ledger[key]?.state !== 'refused') {
      updates.push({ kind: 'warning', message: `Question "${key}" refused: ${entry.reason}`, record });
    }
  }
  if (record.outcome !== null && before?.outcome !== record.outcome && (before?.outcome ?? null) === null) {
    updates.push({ kind: 'settled', outcome: record.outcome, record });
  }
  return updates;
}
