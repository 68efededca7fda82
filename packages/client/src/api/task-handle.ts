import { pendingAnswers } from '../machine/questions.ts';
import { dueAt, openQuestions } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { mapIterator } from '../worker/broadcast.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/follower.ts';
import { until } from '../worker/until.ts';
import { createPatience, type Look } from '../worker/wait-policy.ts';
import { askOwner } from './ask-owner.ts';
import type { OutcomeOptions, TaskHandle } from './client-api.ts';
import { postToRecord } from './post-to-record.ts';
import { readQuestion, withQuestion } from './question.ts';
import { requestCancel } from './request-cancel.ts';

/** Only unanswered questions are left: nothing of ours is on its way, and the server waits. */
function waitsForInput({ record, since }: Follower): boolean {
  if (Object.keys(pendingAnswers(record.ledger)).length > 0) return false;
  if (record.status !== 'input_required' || Object.keys(openQuestions(record)).length === 0) return false;
  if (record.taskId === null) return true; // a call that asks stands still until it is answered
  const { cancelRequestedAt, cancelAcknowledgedAt = Number.POSITIVE_INFINITY, observedAt } = record;
  // The question may be answered elsewhere, or be over with its task: only a word of the server of now tells.
  return observedAt >= since && (cancelRequestedAt === undefined || observedAt > cancelAcknowledgedAt);
}

/** What whoever gave out a handle is told of it. */
export interface HandleKeeper {
  detached(): void;
  /** Somebody was told how the task ended: there is nothing left to follow. */
  endTold(): void;
}

export function createTaskHandle(follower: Follower, around: ClientContext, keeper?: HandleKeeper): TaskHandle {
  const { store, clock } = around;
  const { id } = follower.record;
  const detached = new AbortController();
  const beginWaiting = createPatience(follower, around.maxFailures);

  function outcomeNow(options: OutcomeOptions, trouble: Look): Outcome | undefined {
    const { record } = follower;
    if (record.outcome !== null) return record.outcome;
    const condition = trouble();
    if (condition !== null) return condition;
    if (detached.signal.aborted || follower.isLeft) return { status: 'detached' };
    if (options.stopOnInput === true && waitsForInput(follower)) return { status: 'input_required' };
    return undefined;
  }

  return {
    id,
    get latest() {
      return follower.record;
    },
    updates() {
      const { record } = follower;
      const present: readonly TaskChange[] =
        record.outcome === null
          ? updatesBetween(undefined, record)
          : [{ kind: 'settled', outcome: record.outcome, record }];
      const changes = follower.broadcast.subscribe(present, ({ kind }) => {
        if (kind === 'settled') keeper?.endTold();
        return kind === 'settled';
      });
      return mapIterator(changes, (change) => withQuestion(change, follower, around));
    },
    async outcome(options = {}) {
      const timer = new AbortController();
      const take = options.timeoutMs === undefined ? undefined : clock.schedule(options.timeoutMs, () => timer.abort());
      const signals = [timer.signal, ...(options.signal === undefined ? [] : [options.signal])];
      const stop = AbortSignal.any([...signals, detached.signal]);
      const trouble = beginWaiting();
      const isAsked = options.stopOnInput === true && !around.observe;
      const stopAsking = isAsked ? askOwner(follower, store, clock) : undefined;
      const outcome = await until(follower, () => outcomeNow(options, trouble), stop);
      take?.();
      stopAsking?.();
      const { outcome: known } = follower.record;
      if (known !== null) keeper?.endTold();
      return known ?? outcome ?? { status: timer.signal.aborted ? 'timed_out' : 'detached' };
    },
    question: async (key, digest) => readQuestion(follower, around, key, digest),
    cancel: (options = {}) => requestCancel(follower, around, options.signal),
    async refresh() {
      const { observedAt, updatedAt } = follower.record;
      if (dueAt(follower.record, clock.now()) > clock.now()) return follower.record;
      // Whoever leads it may know more than it has written: a write without the lease makes it write what it knows.
      if (!follower.leading && !around.observe) {
        await postToRecord(follower, store, (current) => ({ ...current })).catch(() => undefined);
      }
      await until(follower, () => {
        const { record, condition } = follower;
        // The silence may be of an earlier poll; only what changed since is the answer of this one.
        const isSilent = record.contact !== undefined && record.updatedAt !== updatedAt;
        const moved = record.observedAt > observedAt || record.phase !== 'open' || isSilent;
        return moved || condition !== null || follower.isLeft ? true : undefined;
      });
      return follower.record;
    },
    detach() {
      detached.abort();
      keeper?.detached();
    },
  };
}
