import { TaskError } from '../errors.ts';
import { pendingAnswers } from '../machine/questions.ts';
import { jsonOf } from '../task/json.ts';
import { own, withEntries } from '../task/own.ts';
import { digestQuestion, wordsOf } from '../task/question.ts';
import { dueAt, openQuestions, type TaskRecord } from '../task/record.ts';
import type { InputRequest, Outcome } from '../task/task.ts';
import { type TaskUpdate, updatesBetween } from '../task/updates.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/follower.ts';
import { until } from '../worker/until.ts';
import { createPatience, type Look } from '../worker/wait-policy.ts';
import { changed, finished, isAnswerTaken, isCancelTaken, notOpen } from './answer-delivery.ts';
import type { AnswerOptions, OutcomeOptions, TaskHandle } from './client-api.ts';
import { validateAnswer } from './validate-answer.ts';

/** Only unanswered questions are left: nothing of ours is on its way, and the server waits. */
function waitsForInput({ record, since }: Follower): boolean {
  if (Object.keys(pendingAnswers(record.ledger)).length > 0) return false;
  if (record.status !== 'input_required' || Object.keys(openQuestions(record)).length === 0) return false;
  if (record.taskId === null) return true; // a call that asks stands still until it is answered
  const { cancelRequestedAt, cancelAcknowledgedAt = Number.POSITIVE_INFINITY, observedAt } = record;
  // The question may be answered elsewhere, or be over with its task: only a word of the server of now tells.
  return observedAt >= since && (cancelRequestedAt === undefined || observedAt > cancelAcknowledgedAt);
}

/** What is asked under this key, for somebody to answer. @throws {TaskError} when nothing is */
function askedIn(record: TaskRecord, key: string, { again = false }: AnswerOptions): InputRequest {
  const isOver = record.phase === 'intent' || record.phase === 'settled';
  const request = own(isOver ? {} : record.inputRequests, key);
  const state = own(record.ledger, key)?.state;
  const isAnswerable = state === 'open' || (again && state !== undefined && state !== 'answering');
  if (request === undefined || !isAnswerable) throw notOpen(record, key);
  return request;
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
    if (detached.signal.aborted || follower.signal.aborted) return { status: 'detached' };
    if (options.stopOnInput === true && waitsForInput(follower)) return { status: 'input_required' };
    return undefined;
  }

  /** Through the record, also in our own process: whoever holds the lease sends it. */
  async function post(change: (record: TaskRecord) => TaskRecord): Promise<void> {
    const saved = await store.update(id, change);
    if (saved === undefined) throw new TaskError('not-found', `Task ${id} has no record any more`);
    if (follower.leading) await follower.dispatch({ type: 'time-passed' });
    else await follower.recordChanged(saved);
  }

  function refuseObserver(what: string): void {
    if (!around.observe) return;
    throw new TaskError('unsupported', `This client only watches: it does not ${what}`);
  }

  return {
    id,
    get record() {
      return follower.record;
    },
    updates() {
      const { record } = follower;
      const present: readonly TaskUpdate[] =
        record.outcome === null
          ? updatesBetween(undefined, record)
          : [{ kind: 'settled', outcome: record.outcome, record }];
      return follower.broadcast.subscribe(present, ({ kind }) => {
        if (kind === 'settled') keeper?.endTold();
        return kind === 'settled';
      });
    },
    async outcome(options = {}) {
      const timer = new AbortController();
      const take = options.timeoutMs === undefined ? undefined : clock.schedule(options.timeoutMs, () => timer.abort());
      const signals = [timer.signal, ...(options.signal === undefined ? [] : [options.signal])];
      const stop = AbortSignal.any([...signals, detached.signal]);
      const trouble = beginWaiting();
      const outcome = await until(follower, () => outcomeNow(options, trouble), stop);
      take?.();
      const { outcome: known } = follower.record;
      if (known !== null) keeper?.endTold();
      return known ?? outcome ?? { status: timer.signal.aborted ? 'timed_out' : 'detached' };
    },
    async answer(key, given, options = {}) {
      refuseObserver('answer');
      const response = jsonOf(given);
      const { record } = follower;
      const request = askedIn(record, key, options);
      const digest = digestQuestion(request);
      if (options.question !== undefined && digestQuestion(options.question) !== digest) throw changed(record, key);
      await validateAnswer(key, request, response);
      const since = clock.now();
      await post((current) => {
        // Another process may have seen it answered, withdrawn, or the task ended: what we saw is of a moment ago.
        if (digestQuestion(askedIn(current, key, options)) !== digest) throw changed(current, key);
        const answering = { state: 'answering' as const, digest, words: wordsOf(request), response, since };
        return { ...current, updatedAt: since, ledger: withEntries(current.ledger, [[key, answering]]) };
      });
      await until(follower, () => isAnswerTaken(follower, key, record.phase === 'asking'), options.signal);
    },
    async cancel(options = {}) {
      refuseObserver('cancel');
      if (follower.record.phase === 'settled') throw finished(follower.record);
      if (follower.record.taskId === null)
        throw new TaskError('unsupported', `Call ${id} has no task yet that could be cancelled`);
      const at = clock.now();
      await post((current) =>
        current.phase === 'settled' ? current : { ...current, updatedAt: at, cancelRequestedAt: at },
      );
      await until(follower, () => isCancelTaken(follower), options.signal);
    },
    async refresh() {
      const { observedAt, updatedAt } = follower.record;
      if (dueAt(follower.record, clock.now()) > clock.now()) return follower.record;
      await until(follower, () => {
        const { record, condition } = follower;
        // Trouble may be on record from an earlier look; only that of this one is its answer.
        const isStopped = record.trouble !== undefined && record.updatedAt !== updatedAt;
        const moved = record.observedAt > observedAt || record.phase !== 'open' || isStopped;
        return moved || condition !== null || follower.signal.aborted ? true : undefined;
      });
      return follower.record;
    },
    detach() {
      detached.abort();
      keeper?.detached();
    },
  };
}
