import { pendingAnswers } from '../machine/questions.ts';
import { openQuestions } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { LazyAbort } from '../worker/lazy-abort.ts';
import { until } from '../worker/until.ts';
import type { Look } from '../worker/wait-policy.ts';
import { askOwner } from './ask-owner.ts';
import type { OutcomeOptions } from './handle-api.ts';

/** Only unanswered questions are left: no request is in flight, and the server waits. */
function waitsForInput({ record, since }: Follower): boolean {
  if (Object.keys(pendingAnswers(record.ledger)).length > 0) return false;
  if (record.status !== 'input_required' || Object.keys(openQuestions(record)).length === 0) return false;
  if (record.taskId === null) return true; // a call that asks waits until it is answered
  const { cancelRequestedAt, cancelAcknowledgedAt = Number.POSITIVE_INFINITY, observedAt } = record;
  // The question may be answered elsewhere, or its task may have ended: only a current poll shows it.
  return observedAt >= since && (cancelRequestedAt === undefined || observedAt > cancelAcknowledgedAt);
}

function outcomeNow(follower: Follower, stopOnInput: boolean, trouble: Look, detached: LazyAbort) {
  const { record } = follower;
  if (record.outcome !== null) return record.outcome;
  const condition = trouble();
  if (condition !== null) return condition;
  if (detached.isAborted || follower.isLeft) return { status: 'detached' } as const;
  if (stopOnInput && waitsForInput(follower)) return { status: 'input_required' } as const;
  return undefined;
}

/** Waits until the task has settled, or another reason to stop applies. */
export async function awaitOutcome(
  follower: Follower,
  { store, clock, observe }: ClientContext,
  { timeoutMs, signal, stopOnInput = false }: OutcomeOptions,
  { trouble, detached }: { readonly trouble: Look; readonly detached: LazyAbort },
): Promise<Outcome> {
  // A wait with no limit of its own ends with its handle.
  const stop = timeoutMs === undefined && signal === undefined ? detached : new LazyAbort();
  const end = (): void => stop.abort();
  let isLate = false;
  const late = (): void => {
    isLate = true;
    end();
  };
  const take = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, late);
  const unfollow = stop.follow(signal);
  if (stop !== detached) detached.onAbort(end);
  if (detached.isAborted) end();
  const stopAsking = stopOnInput && !observe ? askOwner(follower, store, clock) : undefined;
  const outcome = await until(follower, () => outcomeNow(follower, stopOnInput, trouble, detached), stop);
  take?.();
  unfollow();
  detached.offAbort(end);
  stopAsking?.();
  return follower.record.outcome ?? outcome ?? { status: isLate ? 'timed_out' : 'detached' };
}
