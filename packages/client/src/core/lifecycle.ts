import { MAX_TIMER_MS, planDelayMs } from './cadence.ts';
import type { Failure } from './failure.ts';
import { judge } from './failures.ts';
import type { JsonObject } from './json.ts';
import { observe, settle } from './observe.ts';
import { acknowledge, digestQuestion, mergeQuestions, pendingAnswers, reopen } from './questions.ts';
import type { TaskRecord } from './record.ts';
import { type InputRequest, type InputResponse, isTerminal, type Outcome, type TaskSnapshot } from './task.ts';

/** One task as the process that drives it sees it: the record, and what is under way. */
export interface Lifecycle {
  readonly record: TaskRecord;
  readonly failures: number;
  /** When the next `tasks/get` may go out; null while one is under way. */
  readonly pollAt: number | null;
  readonly retryAnswersAt: number;
  readonly retryCancelAt: number;
  readonly fetchAt: number;
  readonly sending: readonly string[];
  readonly cancelling: boolean;
  readonly fetching: boolean;
  readonly repeating: boolean;
  /** Why driving stopped although the task is not settled: authentication, or a server that no longer does tasks. */
  readonly halted: Outcome | null;
  readonly resultApart: boolean;
  readonly minPollIntervalMs: number;
}

interface Moment {
  readonly now: number;
  /** A number in [0, 1), for jitter. */
  readonly chance: number;
}

export type LifecycleEvent = Moment &
  (
    | { readonly type: 'time-passed' }
    | { readonly type: 'task-observed'; readonly snapshot: TaskSnapshot; readonly polled: boolean }
    | { readonly type: 'poll-failed'; readonly failure: Failure }
    | { readonly type: 'question-arrived'; readonly key: string; readonly request: InputRequest }
    | { readonly type: 'answers-acknowledged'; readonly keys: readonly string[] }
    | { readonly type: 'answers-failed'; readonly keys: readonly string[]; readonly failure: Failure }
    | { readonly type: 'cancel-acknowledged' }
    | { readonly type: 'cancel-failed'; readonly failure: Failure }
    | { readonly type: 'result-fetched'; readonly result: JsonObject }
    | { readonly type: 'result-failed'; readonly failure: Failure }
    | { readonly type: 'call-settled'; readonly outcome: Outcome }
    | {
        readonly type: 'call-asked';
        readonly requests: Readonly<Record<string, InputRequest>>;
        readonly requestState?: string | undefined;
      }
    | { readonly type: 'call-lost'; readonly failure: Failure }
  );

export type Effect =
  | { readonly type: 'poll' }
  | { readonly type: 'send-answers'; readonly responses: Readonly<Record<string, InputResponse>> }
  | { readonly type: 'send-cancel' }
  /** 2025-11-25 `tasks/result`: the result, and before that the stream on which questions come. */
  | { readonly type: 'open-result' }
  /** `tools/call` again with the answers it asked for; not a second call. */
  | { readonly type: 'repeat-call'; readonly responses: Readonly<Record<string, InputResponse>> }
  | { readonly type: 'wake'; readonly at: number };

export function createLifecycle(
  record: TaskRecord,
  options: { readonly resultApart: boolean; readonly minPollIntervalMs: number },
): Lifecycle {
  return {
    record,
    failures: 0,
    pollAt: record.nextPollAt ?? 0,
    retryAnswersAt: 0,
    retryCancelAt: 0,
    fetchAt: 0,
    sending: [],
    cancelling: false,
    fetching: false,
    repeating: false,
    halted: null,
    ...options,
  };
}

/** The next state, and what the runtime must do about it. Nothing leaves `settled`. */
export function advance(state: Lifecycle, event: LifecycleEvent): readonly [Lifecycle, readonly Effect[]] {
  if (state.record.phase === 'settled') return [state, []]; // a late answer never reopens a task
  return demand(apply(state, event), event.now);
}

function apply(state: Lifecycle, event: LifecycleEvent): Lifecycle {
  const { record } = state;
  switch (event.type) {
    case 'time-passed':
      return state;
    case 'task-observed':
      return pace({ ...state, failures: 0, halted: null, record: observe(record, event.snapshot, event.now) }, event);
    case 'poll-failed':
      return failed(state, event.failure, event);
    case 'question-arrived': {
      const inputRequests = { ...record.inputRequests, [event.key]: event.request };
      const ledger = mergeQuestions(record.ledger, { [event.key]: event.request });
      const phase = record.taskId === null ? 'asking' : record.phase;
      return {
        ...state,
        record: touch({ ...record, phase, status: 'input_required', inputRequests, ledger }, event.now),
      };
    }
    case 'answers-acknowledged': {
      const ledger = acknowledge(record.ledger, event.keys, event.now);
      return { ...without(state, event.keys), record: touch({ ...record, ledger, trouble: undefined }, event.now) };
    }
    case 'answers-failed': {
      const trouble = event.failure.message;
      if (event.failure.kind === 'rpc' && judge(event.failure) !== 'retry') {
        const ledger = reopen(record.ledger, event.keys);
        return { ...without(state, event.keys), record: touch({ ...record, ledger, trouble }, event.now) };
      }
      const retryAnswersAt = event.now + delayAfter(state, event.failure, event);
      return { ...without(state, event.keys), retryAnswersAt, record: touch({ ...record, trouble }, event.now) };
    }
    case 'cancel-acknowledged':
      return { ...state, cancelling: false, record: touch({ ...record, cancelAcknowledgedAt: event.now }, event.now) };
    case 'cancel-failed': {
      const trouble = event.failure.message;
      // The server's own word (finished already, or not cancellable) ends the intent; the next poll tells the truth.
      const cancelRequestedAt = event.failure.kind === 'rpc' ? undefined : record.cancelRequestedAt;
      const retryCancelAt = event.now + delayAfter(state, event.failure, event);
      return {
        ...state,
        cancelling: false,
        retryCancelAt,
        record: touch({ ...record, trouble, cancelRequestedAt }, event.now),
      };
    }
    case 'result-fetched':
      return { ...state, fetching: false, fetchAt: event.now, record: withResult(record, event.result, event.now) };
    case 'result-failed':
      return resultFailed(state, event.failure, event);
    case 'call-settled':
      return { ...state, repeating: false, record: settle(record, event.outcome, event.now) };
    case 'call-asked': {
      const ledger = mergeQuestions({}, event.requests);
      const asked = { ...record, phase: 'asking' as const, status: 'input_required' as const, ledger };
      const { requests: inputRequests, requestState } = event;
      return { ...state, repeating: false, record: touch({ ...asked, inputRequests, requestState }, event.now) };
    }
    case 'call-lost': {
      const lost = { ...record, phase: 'intent' as const, status: 'unknown' as const, trouble: event.failure.message };
      return { ...state, repeating: false, record: touch(lost, event.now) };
    }
  }
}

function touch(record: TaskRecord, now: number): TaskRecord {
  return { ...record, updatedAt: now };
}

function without(state: Lifecycle, keys: readonly string[]): Lifecycle {
  return { ...state, sending: state.sending.filter((key) => !keys.includes(key)) };
}

function delayAfter(state: Lifecycle, failure: Failure, moment: Moment): number {
  const retryAfterMs = failure.kind === 'http' ? failure.retryAfterMs : undefined;
  const { pollIntervalMs } = state.record;
  const failures = state.failures + 1;
  return planDelayMs({
    pollIntervalMs,
    minPollIntervalMs: state.minPollIntervalMs,
    failures,
    retryAfterMs,
    chance: moment.chance,
  });
}

/** Sets the next poll by the newest hint, counted from this answer. */
function pace(state: Lifecycle, moment: Moment): Lifecycle {
  const { pollIntervalMs } = state.record;
  const { minPollIntervalMs, failures } = state;
  const pollAt = moment.now + planDelayMs({ pollIntervalMs, minPollIntervalMs, failures, chance: moment.chance });
  return { ...state, pollAt, record: { ...state.record, nextPollAt: pollAt } };
}

function failed(state: Lifecycle, failure: Failure, moment: Moment): Lifecycle {
  const { record } = state;
  const trouble = failure.message;
  switch (judge(failure)) {
    case 'expired':
      return { ...state, record: settle(record, { status: 'expired', ...errorOf(failure) }, moment.now) };
    case 'auth':
      return halt(state, { status: 'auth_required' }, trouble, moment);
    case 'no-tasks':
    case 'our-bug':
      return halt(state, { status: 'unknown', ...errorOf(failure) }, trouble, moment);
    default: {
      const pollAt = moment.now + delayAfter(state, failure, moment);
      const failures = state.failures + 1;
      return { ...state, failures, pollAt, record: touch({ ...record, trouble, nextPollAt: pollAt }, moment.now) };
    }
  }
}

function halt(state: Lifecycle, halted: Outcome, trouble: string, moment: Moment): Lifecycle {
  return { ...state, halted, pollAt: null, record: touch({ ...state.record, trouble }, moment.now) };
}

function errorOf(failure: Failure): Pick<Outcome, 'error'> {
  if (failure.kind !== 'rpc') return { error: { code: -32602, message: failure.message } };
  return { error: { code: failure.code, message: failure.message, data: failure.data } };
}

function withResult(record: TaskRecord, result: JsonObject, now: number): TaskRecord {
  // Without a terminal status the result is at hand before we have seen the task end; isError means failed there.
  const status = record.status === 'failed' || result.isError === true ? 'failed' : 'completed';
  return settle({ ...record, status }, { status, result }, now);
}

function resultFailed(state: Lifecycle, failure: Failure, moment: Moment): Lifecycle {
  const { record } = state;
  if (failure.kind === 'rpc' && isTerminal(record.status) && judge(failure) !== 'auth') {
    // tasks/result answers what the call would have answered, errors included.
    const status = record.status === 'completed' && judge(failure) === 'expired' ? 'expired' : record.status;
    return { ...state, fetching: false, record: settle(record, { status, ...errorOf(failure) }, moment.now) };
  }
  const fetchAt = moment.now + delayAfter(state, failure, moment);
  const trouble = isTerminal(record.status)
    ? `${record.status}, result not fetched: ${failure.message}`
    : record.trouble;
  const failures = isTerminal(record.status) ? state.failures + 1 : state.failures;
  return { ...state, fetching: false, failures, fetchAt, record: touch({ ...record, trouble }, moment.now) };
}

/** What must happen now, and when to look again. */
function demand(state: Lifecycle, now: number): readonly [Lifecycle, readonly Effect[]] {
  const { record } = state;
  if (record.phase === 'settled' || record.phase === 'intent' || state.halted !== null) return [state, []];
  const effects: Effect[] = [];
  const due: number[] = [];
  let next = state;
  const pending = pendingAnswers(record.ledger);
  const unsent = Object.keys(pending).filter((key) => !state.sending.includes(key));
  const responses = Object.fromEntries(unsent.map((key) => [key, pending[key]?.response ?? {}]));

  if (record.taskId === null) {
    const keys = Object.keys(record.inputRequests);
    const streamed = record.requestState === undefined && keys.some((key) => key.startsWith(STREAM_KEY));
    if (streamed && unsent.length > 0) {
      next = { ...next, sending: [...next.sending, ...unsent] };
      effects.push({ type: 'send-answers', responses });
    } else if (!streamed && !state.repeating && keys.every((key) => pending[key] !== undefined)) {
      // From here the outcome is open again: found in this phase by another process, the call may have run.
      next = { ...next, repeating: true, record: { ...record, phase: 'intent', status: 'unknown' } };
      effects.push({ type: 'repeat-call', responses });
    }
    return [next, effects];
  }
  if (unsent.length > 0) {
    if (state.retryAnswersAt > now) due.push(state.retryAnswersAt);
    else {
      next = { ...next, sending: [...next.sending, ...unsent] };
      effects.push({ type: 'send-answers', responses });
    }
  }
  if (record.cancelRequestedAt !== undefined && record.cancelAcknowledgedAt === undefined && !state.cancelling) {
    if (state.retryCancelAt > now) due.push(state.retryCancelAt);
    else {
      next = { ...next, cancelling: true };
      effects.push({ type: 'send-cancel' });
    }
  }
  const ended = isTerminal(record.status);
  if (state.resultApart && (ended || record.status === 'input_required') && !state.fetching) {
    if (state.fetchAt > now) due.push(state.fetchAt);
    else {
      next = { ...next, fetching: true };
      effects.push({ type: 'open-result' });
    }
  }
  if (!ended && state.pollAt !== null) {
    if (state.pollAt > now) due.push(state.pollAt);
    else {
      next = { ...next, pollAt: null };
      effects.push({ type: 'poll' });
    }
  }
  if (due.length > 0) effects.push({ type: 'wake', at: Math.min(now + MAX_TIMER_MS, ...due) });
  return [next, effects];
}

/** Keys we give to questions that arrive as requests of the server (2025-11-25). */
export const STREAM_KEY = 'question-';

/** The same question gets the same key; one that was answered before and comes again gets the next. */
export function streamKey(record: TaskRecord, request: InputRequest): string {
  const base = `${STREAM_KEY}${digestQuestion(request).slice(0, 6)}`;
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? base : `${base}-${count}`;
    if (record.ledger[key]?.state !== 'acknowledged') return key;
  }
}
