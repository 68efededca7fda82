import { pendingAnswers } from '../machine/questions.ts';
import type { Claim } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';

const DEFAULT_HINT_MS = 2_000;

/** An answer or cancel is waiting to be sent: the poll is not delayed. */
function isAwaited({ ledger, cancelRequestedAt, cancelAcknowledgedAt }: TaskRecord): boolean {
  if (cancelRequestedAt !== undefined && cancelAcknowledgedAt === undefined) return true;
  return Object.keys(pendingAnswers(ledger)).length > 0;
}

/** Spreads the overdue polls of tasks that were claimed together over one poll interval; the first goes out at once. */
export function spreadPolls(claims: readonly Claim[], now: number): readonly Claim[] {
  const isOverdue = ({ record }: Claim): boolean =>
    record.taskId !== null && (record.nextPollAt ?? 0) <= now && !isAwaited(record);
  const overdue = claims.filter(isOverdue).length;
  let place = 0;
  return claims.map((claim) => {
    if (!isOverdue(claim)) return claim;
    const { record } = claim;
    const nextPollAt = now + Math.round(((record.pollIntervalMs ?? DEFAULT_HINT_MS) * place) / overdue);
    place += 1;
    return { ...claim, record: { ...record, nextPollAt } };
  });
}
