import { openQuestions, type TaskRecord } from '../task/record.ts';
import { isTerminal, type TaskSnapshot } from '../task/task.ts';
import {
  acknowledgedByEnd,
  answersFailed,
  cancelFailed,
  resolveUnconfirmed,
  withoutAnswers,
} from './answer-failures.ts';
import { pollEarly, withoutClosedAnswers } from './early-poll.ts';
import type { Effect, Lifecycle, LifecycleEvent, Moment, Observed } from './lifecycle-state.ts';
import { isStale, observe, settle } from './observe.ts';
import { planEffects } from './plan-effects.ts';
import { endBackoff, pollFailed, resultFailed, schedulePoll, touch, withResult } from './poll-failures.ts';
import { planDelayMs } from './poll-pace.ts';
import { acknowledge, answerAgain, LAPSED, mergeQuestions, pendingAnswers, reopen } from './questions.ts';

export type { Effect, Lifecycle, LifecycleEvent } from './lifecycle-state.ts';
export { createLifecycle } from './lifecycle-state.ts';

const MAX_EMPTY_ROUNDS = 10;
/** Delay before a retry of answers whose questions have not arrived on this connection, in ms. */
const UNREQUESTED_RETRY_MS = 1_000;
const EMPTY_ROUND_PACE = { pollIntervalMs: 1, minPollIntervalMs: 0, chance: 0 };

/** The next state, and its effects. `settled` never changes. */
export function advance(state: Lifecycle, event: LifecycleEvent): readonly [Lifecycle, readonly Effect[]] {
  if (state.record.phase === 'settled') return [state, []]; // a late response never reopens a task
  return planEffects(apply(correctClock(state, event.now), event), event.now);
}

/** The record after an event, without effects: for a process that no longer drives the task. */
export function note(state: Lifecycle, event: LifecycleEvent): TaskRecord {
  return state.record.phase === 'settled' ? state.record : apply(state, event).record;
}

/** Resumes polling that stopped to wait for a sign-in. Polling that stopped for another reason stays stopped. */
export function resume(state: Lifecycle): Lifecycle {
  const { polling } = state;
  if (polling.kind !== 'stopped' || polling.why !== 'auth') return state;
  return { ...state, polling: { kind: 'due', at: polling.at } };
}

function apply(state: Lifecycle, event: LifecycleEvent): Lifecycle {
  const { record } = state;
  switch (event.type) {
    case 'time-passed':
      return state;
    case 'resumed':
      return resume(state);
    case 'reconnected':
      return endBackoff(resume(state), event);
    case 'refresh-requested':
      return pollEarly(state, event);
    case 'task-observed':
      return observed(state, event);
    case 'progress-reported':
      return { ...state, record: { ...record, progress: event.progress } };
    case 'poll-failed':
      // The end was already observed; a failed poll does not undo it.
      return state.ending === null ? pollFailed(state, event.failure, event) : schedulePoll(state, event);
    case 'question-arrived': {
      if (isTerminal(record.status)) return state;
      const inputRequests = { ...record.inputRequests, [event.key]: event.request };
      const merged = mergeQuestions(record.ledger, { [event.key]: event.request });
      const ledger = answerAgain(merged, event.key, event.now);
      const phase = record.taskId === null ? 'asking' : record.phase;
      return {
        ...state,
        askedAt: event.now,
        answersAt: event.now,
        record: contacted({ ...record, phase, status: 'input_required', inputRequests, ledger }, event.now),
      };
    }
    case 'answers-acknowledged': {
      const ledger = acknowledge(record.ledger, event.keys, event.now, isAskedByRequest(state));
      const taken = {
        ...withoutAnswers(state, event.keys),
        record: contacted({ ...record, ledger, trouble: undefined }, event.now),
      };
      return endAfterAnswers(taken, event);
    }
    case 'answers-failed':
      return endAfterAnswers(answersFailed(state, event, event), event);
    case 'answers-unrequested':
      return { ...withoutAnswers(state, event.keys), answersAt: event.now + UNREQUESTED_RETRY_MS };
    case 'cancel-acknowledged':
      return { ...state, cancel: 'idle', record: contacted({ ...record, cancelAcknowledgedAt: event.now }, event.now) };
    case 'cancel-failed':
      return cancelFailed(state, event.failure, event);
    case 'result-fetched':
      return { ...state, result: 'idle', resultAt: event.now, record: withResult(record, event.result, event.now) };
    case 'result-failed':
      return resultFailed(state, event.failure, event);
    case 'call-settled': {
      // A completed call acknowledges the answers sent with it.
      const taken = event.outcome.status === 'completed' ? answersOfCall(state) : [];
      const ledger = acknowledge(record.ledger, taken, event.now);
      const settled = settle({ ...record, ledger }, event.outcome, event.now);
      const trouble = event.warning ?? settled.trouble;
      return { ...state, repeat: 'idle', record: { ...settled, trouble } };
    }
    case 'call-asked': {
      const emptyRounds = Object.keys(event.requests).length === 0 ? state.emptyRounds + 1 : 0;
      if (emptyRounds > MAX_EMPTY_ROUNDS) {
        const message = `The server asked for input ${emptyRounds} times in a row without a question`;
        return { ...state, record: settle(record, { status: 'unknown', error: { code: null, message } }, event.now) };
      }
      const ledger = mergeQuestions({}, event.requests);
      const asked = { ...record, phase: 'asking' as const, status: 'input_required' as const, ledger };
      const { requests: inputRequests, requestState } = event;
      const at = emptyRounds === 0 ? 0 : event.now + planDelayMs({ ...EMPTY_ROUND_PACE, failures: emptyRounds });
      const next = { ...state, repeat: 'idle', emptyRounds, polling: { kind: 'due', at } } as const;
      return { ...next, record: contacted({ ...asked, inputRequests, requestState }, event.now) };
    }
    case 'call-lost': {
      // Another process has received the task: the call is not lost.
      if (record.taskId !== null) return { ...state, repeat: 'idle' };
      // The call is not repeated: answers sent with it are dropped.
      const ledger = reopen(record.ledger, Object.keys(record.ledger));
      const contact = { kind: 'lost', since: event.now } as const;
      const lost = { ...record, phase: 'intent', status: 'unknown', ledger, contact } as const;
      return { ...state, repeat: 'idle', record: touch({ ...lost, trouble: event.failure.message }, event.now) };
    }
  }
}

/** The protocol asks by server requests, and its tasks do not list questions. */
function isAskedByRequest({ traits }: Lifecycle): boolean {
  return traits.questions === 'requested';
}

/** The record after a message from the server. */
function contacted(record: TaskRecord, now: number): TaskRecord {
  return touch({ ...record, contact: undefined }, now);
}

function answersOfCall(state: Lifecycle): readonly string[] {
  return isAskedByRequest(state) ? [] : Object.keys(pendingAnswers(state.record.ledger));
}

/** The snapshot is older than an open question: it answers a poll sent before, or is a slow notification. */
function isBeforeQuestion(
  state: Lifecycle,
  { snapshot, polled }: { snapshot: TaskSnapshot; polled: boolean },
): boolean {
  if (state.record.taskId === null) return false; // the first snapshot of the task itself
  if (isTerminal(snapshot.status) || snapshot.status === 'input_required') return false;
  if (polled) return state.askedAt >= state.polledAt;
  return isAskedByRequest(state) && Object.keys(openQuestions(state.record)).length > 0;
}

/**
 * Whether a terminal snapshot must wait for the replies to answers in flight: one of them may have ended the task.
 * The wait is bounded, since every request gets a response or times out.
 */
function mustAwaitReplies(state: Lifecycle, seen: Observed): boolean {
  if (isAskedByRequest(state) || !isTerminal(seen.snapshot.status)) return false;
  if (isStale(state.record, seen)) return false; // a stale snapshot ends nothing
  return [...state.answers.values()].includes('out');
}

function endAfterAnswers(state: Lifecycle, { now, chance }: Moment): Lifecycle {
  const { ending } = state;
  if (ending === null || mustAwaitReplies(state, ending)) return state;
  return observed({ ...state, ending: null }, { ...ending, now, chance });
}

function observed(state: Lifecycle, event: Observed): Lifecycle {
  const lacksResult = isEndWithoutResult(state, event);
  if (lacksResult && state.record.taskId !== null) return state;
  if (mustAwaitReplies(state, event)) return { ...(event.polled ? schedulePoll(state, event) : state), ending: event };
  // While the end waits for the reply to an answer, snapshots that are not terminal are ignored.
  const isAfterEnd = state.ending !== null && !isTerminal(event.snapshot.status);
  if (isAfterEnd || isBeforeQuestion(state, event))
    return event.polled ? schedulePoll({ ...state, failures: 0 }, event) : state;
  const known = lacksResult ? { ...event.snapshot, status: 'working' as const } : event.snapshot;
  const snapshot = hasPendingRequest(state, event) ? { ...known, status: 'input_required' as const } : known;
  const isNews = event.polled && !isStale(state.record, event);
  const before = isNews
    ? acknowledgedByEnd(state, withoutClosedAnswers(state, snapshot), snapshot.status, event.now)
    : state.record;
  const record = withoutLapsedAnswers(state, observe(before, { ...event, snapshot }), event);
  if (record === state.record && !event.polled) return state; // dropped: it must not delay the next poll either
  const next = { ...state, failures: 0, record };
  // A poll in flight schedules the next one with its own response.
  const isOut = !event.polled && state.polling.kind === 'out';
  const paced = isOut ? next : schedulePoll(next, event);
  return event.polled ? resolveUnconfirmed(paced, snapshot, event.now) : paced;
}

/** A server request pending on a stream is newer than a poll that does not show it. */
function hasPendingRequest({ record }: Lifecycle, { snapshot, asked = [] }: Observed): boolean {
  return snapshot.status === 'working' && asked.some((key) => Object.hasOwn(record.inputRequests, key));
}

/**
 * The task is working again, so its question is closed: its answer must not go to a later, equal question. Polls only:
 * a notification may predate the question.
 */
function withoutLapsedAnswers(state: Lifecycle, record: TaskRecord, { polled }: Observed): TaskRecord {
  if (!isAskedByRequest(state) || !polled || record.status !== 'working') return record;
  const given = Object.keys(pendingAnswers(record.ledger));
  if (given.length === 0) return record;
  return { ...record, ledger: reopen(record.ledger, given), trouble: LAPSED };
}

/** A pushed end without its result or error: the next poll brings both. */
function isEndWithoutResult(state: Lifecycle, { snapshot, polled }: Observed): boolean {
  const { status, result, error } = snapshot;
  if (polled || state.traits.resultApart) return false;
  return (status === 'completed' && result === undefined) || (status === 'failed' && error === undefined);
}

/** If the clock moved back, instants keep their distance from now; otherwise polling would pause until it caught up. */
function correctClock(state: Lifecycle, now: number): Lifecycle {
  const back = state.seenAt - now;
  if (back <= 0) return { ...state, seenAt: now };
  return {
    ...state,
    seenAt: now,
    polling: 'at' in state.polling ? { ...state.polling, at: state.polling.at - back } : state.polling,
    polledAt: state.polledAt - back,
    unconfirmedAt: state.unconfirmedAt - back,
    askedAt: state.askedAt - back,
    answersAt: state.answersAt - back,
    cancelAt: state.cancelAt - back,
    resultAt: state.resultAt - back,
  };
}
