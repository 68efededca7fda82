import { pendingAnswers } from '../machine/questions.ts';
import type { TaskRecord } from '../task/record.ts';

/** True for a write that must survive a power loss: a sent call, a task id, an answer, a cancel, an end. */
export function isMilestone(before: TaskRecord, after: TaskRecord): boolean {
  if (before.phase !== after.phase || before.taskId !== after.taskId) return true;
  if (before.cancelRequestedAt !== after.cancelRequestedAt) return true;
  const known = pendingAnswers(before.ledger);
  return Object.keys(pendingAnswers(after.ledger)).some((key) => !Object.hasOwn(known, key));
}
