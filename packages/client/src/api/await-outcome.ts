import { pendingAnswers } from '../machine/questions.ts';
import { openQuestions } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { LazyAbort } from '../worker/lazy-abort.ts';
import { until } from '../worker/until.ts';
import type { StopCheck } from '../worker/wait-policy.ts';
import type { OutcomeOptions } from './handle-api.ts';
import { requestSaves } from './request-saves.ts';

/** Only unanswered questions are left: no request is in flight, and the server waits. */
function waitsForInput({ record, since }: Follower): boolean {
  if (Object.keys(pendingAnswers(record.ledger)).length > 0) return false;
  if (record.status !== 'input_required' || Object.keys(openQuestions(record)).length === 0) return false;
  if (record.taskId === null) return true; // a call that asks waits until it is answered
  const { cancelRequestedAt, cancelAcknowledgedAt = Number.POSITIVE_INFINITY, observedAt } = record;
  // The question may be answered elsewhere, or its task may have ended: only a current poll shows it.
  return observedAt >= since && (cancelRequestedAt === undefined || observedAt > cancelAcknowledgedAt);
}

function outcomeNow(follower: Follower, stopOnInput: boolean, stopCheck: StopCheck, detached: LazyAbort) {
  const { record } = follower;
  if (record.outcome !== null) return record.outcome;
  const blocked = stopCheck();
  if (blocked !== null) return blocked;
  if (detached.isAborted || follower.isLeft) return { status: 'detached' } as const;
  if (stopOnInput && waitsForInput(follower)) return { status: 'input_required' } as const;
  return undefined;
}

/** Waits until the task has settled, or another reason to stop applies. */
export async function awaitOutcome(
  follower: Follower,
  { store, clock, observe }: ClientContext,
  { timeoutMs, signal, stopOnInput = false }: OutcomeOptions,
  { stopCheck, detached }: { readonly stopCheck: StopCheck; readonly detached: LazyAbort },
): Promise<Outcome> {
  // A wait with no limit of its own ends with its handle.
  const stop = timeoutMs === undefined && signal === undefined ? detached : new LazyAbort();
  const end = (): void => stop.abort();
  let isLate = false;
  const late = (): void => {
    isLate = true;
    end();
  };
  const cancelTimer = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, late);
  const unfollow = stop.follow(signal);
  if (stop !== detached) detached.onAbort(end);
  if (detached.isAborted) end();
  const stopRequests = stopOnInput && !observe ? requestSaves(follower, store, clock) : undefined;
  const outcome = await until(follower, () => outcomeNow(follower, stopOnInput, stopCheck, detached), stop);
  cancelTimer?.();
  unfollow();
  detached.offAbort(end);
  stopRequests?.();
  return follower.record.outcome ?? outcome ?? { status: isLate ? 'timed_out' : 'detached' };
}
