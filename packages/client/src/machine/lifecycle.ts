import { openQuestions, type TaskRecord } from '../task/record.ts';
import { isTerminal, type TaskSnapshot } from '../task/task.ts';
import { answersFailed, cancelFailed, settleDoubts, without } from './answer-failures.ts';
import { takeBack } from './fresh-look.ts';
import type { Effect, Lifecycle, LifecycleEvent, Moment, Observed } from './lifecycle-state.ts';
import { isStale, observe, settle } from './observe.ts';
import { demand } from './plan-effects.ts';
import { failed, pace, resultFailed, touch, withResult } from './poll-failures.ts';
import { planDelayMs } from './poll-pace.ts';
import { acknowledge, answerAgain, LAPSED, mergeQuestions, pendingAnswers, reopen } from './questions.ts';

export type { Effect, Lifecycle, LifecycleEvent } from './lifecycle-state.ts';
export { createLifecycle } from './lifecycle-state.ts';

const MAX_EMPTY_ROUNDS = 10;
/** How soon another answer, given meanwhile, is looked at: the first one waits for its question all the same. */
const UNWANTED_ANSWERS_MS = 1_000;
const PACE_OF_ROUNDS = { pollIntervalMs: 1, minPollIntervalMs: 0, chance: 0 };

/** The next state, and what the runtime must do about it. Nothing leaves `settled`. */
export function advance(state: Lifecycle, event: LifecycleEvent): readonly [Lifecycle, readonly Effect[]] {
  if (state.record.phase === 'settled') return [state, []]; // a late answer never reopens a task
  return demand(apply(keepTime(state, event.now), event), event.now);
}

/** The record with what happened written down, and nothing set going: for a process that no longer drives the task. */
export function note(state: Lifecycle, event: LifecycleEvent): TaskRecord {
  return state.record.phase === 'settled' ? state.record : apply(state, event).record;
}

/** Somebody may have signed in since; no other halt ends by wishing. */
export function takeUp(state: Lifecycle): Lifecycle {
  return state.halted?.status === 'auth_required' ? { ...state, halted: null } : state;
}

function apply(state: Lifecycle, event: LifecycleEvent): Lifecycle {
  const { record } = state;
  switch (event.type) {
    case 'time-passed':
      return state;
    case 'taken-up':
      return takeUp(state);
    case 'task-observed':
      return observed(state, event);
    case 'poll-failed':
      // That the task has ended was said before; whatever keeps us from looking again changes nothing of it.
      return state.ending === null ? failed(state, event.failure, event) : pace(state, event);
    case 'question-arrived': {
      if (isTerminal(record.status)) return state;
      const inputRequests = { ...record.inputRequests, [event.key]: event.request };
      const merged = mergeQuestions(record.ledger, { [event.key]: event.request });
      const ledger = answerAgain(merged, event.key, event.now);
      const phase = record.taskId === null ? 'asking' : record.phase;
      return {
        ...state,
        askedAt: event.now,
        retryAnswersAt: event.now,
        record: touch({ ...record, phase, status: 'input_required', inputRequests, ledger }, event.now),
      };
    }
    case 'answers-acknowledged': {
      const ledger = acknowledge(record.ledger, event.keys, event.now, isAskedByRequest(state));
      const taken = {
        ...without(state, event.keys),
        record: touch({ ...record, ledger, trouble: undefined }, event.now),
      };
      return endAfterAnswers(taken, event);
    }
    case 'answers-failed':
      return endAfterAnswers(answersFailed(state, event, event), event);
    case 'answers-not-wanted-yet':
      // No trouble of the task or of its server: what is known of either stands as it is.
      return { ...without(state, event.keys), retryAnswersAt: event.now + UNWANTED_ANSWERS_MS };
    case 'cancel-acknowledged':
      return { ...state, cancelling: false, record: touch({ ...record, cancelAcknowledgedAt: event.now }, event.now) };
    case 'cancel-failed':
      return cancelFailed(state, event.failure, event);
    case 'result-fetched':
      return { ...state, fetching: false, fetchAt: event.now, record: withResult(record, event.result, event.now) };
    case 'result-failed':
      return resultFailed(state, event.failure, event);
    case 'call-settled': {
      // A call that was carried out has taken the answers that went out with it.
      const taken = event.outcome.status === 'completed' ? answersOfCall(state) : [];
      const ledger = acknowledge(record.ledger, taken, event.now);
      return { ...state, repeating: false, record: settle({ ...record, ledger }, event.outcome, event.now) };
    }
    case 'call-asked': {
      const emptyRounds = Object.keys(event.requests).length === 0 ? state.emptyRounds + 1 : 0;
      if (emptyRounds > MAX_EMPTY_ROUNDS) {
        const message = `The server wanted input ${emptyRounds} times in a row and put no question`;
        return { ...state, record: settle(record, { status: 'unknown', error: { code: null, message } }, event.now) };
      }
      const ledger = mergeQuestions({}, event.requests);
      const asked = { ...record, phase: 'asking' as const, status: 'input_required' as const, ledger };
      const { requests: inputRequests, requestState } = event;
      const pollAt = emptyRounds === 0 ? 0 : event.now + planDelayMs({ ...PACE_OF_ROUNDS, failures: emptyRounds });
      const next = { ...state, repeating: false, emptyRounds, pollAt };
      return { ...next, record: touch({ ...asked, inputRequests, requestState }, event.now) };
    }
    case 'call-lost': {
      // Another process was told of a task meanwhile: it is not lost, whoever took its call for abandoned.
      if (record.taskId !== null) return { ...state, repeating: false };
      // The call is not made again, so that the answers which went out with it have served their use.
      const ledger = reopen(record.ledger, Object.keys(record.ledger));
      const trouble = event.failure.message;
      const lost = { ...record, phase: 'intent' as const, status: 'unknown' as const, ledger, trouble };
      return { ...state, repeating: false, record: touch(lost, event.now) };
    }
  }
}

/** The server asks by requests of its own, and its task does not list what it asks. */
function isAskedByRequest({ traits }: Lifecycle): boolean {
  return traits.questions === 'requested';
}

function answersOfCall(state: Lifecycle): readonly string[] {
  return isAskedByRequest(state) ? [] : Object.keys(pendingAnswers(state.record.ledger));
}

/** It says that nothing is asked, and is older than the question: a poll that was out by then, or a notice that was slow. */
function isBeforeQuestion(
  state: Lifecycle,
  { snapshot, polled }: { snapshot: TaskSnapshot; polled: boolean },
): boolean {
  if (state.record.taskId === null) return false; // it is the task itself that begins
  if (isTerminal(snapshot.status) || snapshot.status === 'input_required') return false;
  if (polled) return state.askedAt >= state.polledAt;
  return isAskedByRequest(state) && Object.keys(openQuestions(state.record)).length > 0;
}

/**
 * An answer of ours may be what ended the task; whether it was taken, its own reply tells, which is only a moment
 * behind. Every request is answered or fails within its time limit, so that no end waits for longer.
 */
function outrunsAnswers(state: Lifecycle, seen: Observed): boolean {
  if (isAskedByRequest(state) || !isTerminal(seen.snapshot.status)) return false;
  if (isStale(state.record, seen)) return false; // it would end nothing
  return state.sending.some((key) => !state.doubtedAnswers.includes(key));
}

function endAfterAnswers(state: Lifecycle, { now, chance }: Moment): Lifecycle {
  const { ending } = state;
  if (ending === null || outrunsAnswers(state, ending)) return state;
  return observed({ ...state, ending: null }, { ...ending, now, chance });
}

function observed(state: Lifecycle, event: Observed): Lifecycle {
  const isHollow = isHollowEnd(state, event);
  if (isHollow && state.record.taskId !== null) return state;
  if (outrunsAnswers(state, event)) return { ...(event.polled ? pace(state, event) : state), ending: event };
  // A task that has ended does not go on, whatever is said of it while its end waits.
  const isAfterEnd = state.ending !== null && !isTerminal(event.snapshot.status);
  if (isAfterEnd || isBeforeQuestion(state, event))
    return event.polled ? pace({ ...state, failures: 0 }, event) : state;
  const told = isHollow ? { ...event.snapshot, status: 'working' as const } : event.snapshot;
  const snapshot = isAsked(state, event) ? { ...told, status: 'input_required' as const } : told;
  const before = event.polled && !isStale(state.record, event) ? takeBack(state, snapshot) : state.record;
  const record = lapsed(state, observe(before, { ...event, snapshot }), event);
  if (record === state.record && !event.polled) return state; // dropped: it may not put off the next poll either
  const next = { ...state, failures: 0, halted: null, record };
  // While a poll is under way its own answer sets the next one.
  const polling = !event.polled && state.pollAt === null && state.halted === null;
  const paced = polling ? next : pace(next, event);
  return event.polled ? settleDoubts(paced) : paced;
}

/** A request that the server has open on a stream is newer than any poll that knows nothing of it. */
function isAsked({ record }: Lifecycle, { snapshot, asked = [] }: Observed): boolean {
  return snapshot.status === 'working' && asked.some((key) => Object.hasOwn(record.inputRequests, key));
}

/**
 * The task went on, and with it the question: its answer is not for the next one in the same words. A notice may be
 * slow, and of before the question.
 */
function lapsed(state: Lifecycle, record: TaskRecord, { polled }: Observed): TaskRecord {
  if (!isAskedByRequest(state) || !polled || record.status !== 'working') return record;
  const given = Object.keys(pendingAnswers(record.ledger));
  if (given.length === 0) return record;
  return { ...record, ledger: reopen(record.ledger, given), trouble: LAPSED };
}

/** An end told without what it ended with, where that is not fetched apart: the next poll brings both. */
function isHollowEnd(state: Lifecycle, { snapshot, polled }: Observed): boolean {
  const { status, result, error } = snapshot;
  if (polled || state.traits.resultApart) return false;
  return (status === 'completed' && result === undefined) || (status === 'failed' && error === undefined);
}

/** Instants keep their distance from now when the clock was set back, or polling would rest until it caught up. */
function keepTime(state: Lifecycle, now: number): Lifecycle {
  const back = state.seenAt - now;
  if (back <= 0) return { ...state, seenAt: now };
  return {
    ...state,
    seenAt: now,
    pollAt: state.pollAt === null ? null : state.pollAt - back,
    polledAt: state.polledAt - back,
    askedAt: state.askedAt - back,
    retryAnswersAt: state.retryAnswersAt - back,
    retryCancelAt: state.retryCancelAt - back,
    fetchAt: state.fetchAt - back,
  };
}
