import { errorOf, type Failure, isServerError, type JudgedFailure } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import type { TaskRecord } from '../task/record.ts';
import { isTerminal, type Outcome } from '../task/task.ts';
import { toolResultOf } from '../task/tool-result.ts';
import { outcomeOfVerdict } from '../task/verdicts.ts';
import type { Lifecycle, Moment } from './lifecycle-state.ts';
import { settle } from './observe.ts';
import { planDelayMs } from './poll-pace.ts';

/** A new one each time: whoever waits tells by it that the server was asked again. */
const authRequired = (): Outcome => ({ status: 'auth_required' });

export function touch(record: TaskRecord, now: number): TaskRecord {
  return { ...record, updatedAt: now };
}

export function delayAfter(state: Lifecycle, failure: Failure, moment: Moment): number {
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
export function pace(state: Lifecycle, moment: Moment): Lifecycle {
  const { pollIntervalMs } = state.record;
  const { minPollIntervalMs, failures } = state;
  const pollAt = moment.now + planDelayMs({ pollIntervalMs, minPollIntervalMs, failures, chance: moment.chance });
  return { ...state, pollAt, record: { ...state.record, nextPollAt: pollAt } };
}

export function failed(state: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const { record } = state;
  const trouble = failure.message;
  switch (failure.verdict) {
    case 'expired':
      return { ...state, record: settle(record, outcomeOf(failure), moment.now) };
    case 'auth':
      return halt(state, authRequired(), trouble, moment);
    case 'no-tasks':
      return halt(state, outcomeOf(failure), `The server no longer does tasks: ${trouble}`, moment);
    case 'our-bug':
      return halt(state, outcomeOf(failure), `The server finds our request wrong: ${trouble}`, moment);
    default: {
      const pollAt = moment.now + delayAfter(state, failure, moment);
      const failures = state.failures + 1;
      return { ...state, failures, pollAt, record: touch({ ...record, trouble, nextPollAt: pollAt }, moment.now) };
    }
  }
}

function halt(state: Lifecycle, halted: Outcome, trouble: string, moment: Moment): Lifecycle {
  const { pollAt } = pace(state, moment); // for whoever waits again here
  // Nobody polls it now: a later look, after a sign-in say, is of somebody who wants to know, and asks at once.
  const record = touch({ ...state.record, trouble, nextPollAt: undefined }, moment.now);
  return { ...state, pollAt, halted, record };
}

function outcomeOf(failure: JudgedFailure): Outcome {
  return { status: outcomeOfVerdict[failure.verdict], error: errorOf(failure) };
}

export function withResult(record: TaskRecord, result: JsonObject, now: number): TaskRecord {
  // Without a terminal status the result is at hand before we have seen the task end; isError means failed there.
  const status = record.status === 'failed' || result.isError === true ? 'failed' : 'completed';
  return settle({ ...record, status }, { status, result: toolResultOf(result) }, now);
}

export function resultFailed(state: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const { record } = state;
  const { verdict } = failure;
  if (isTerminal(record.status)) {
    const stopped = (outcome: Outcome): Lifecycle => {
      const halted = halt(state, outcome, unfetched(record, failure), moment);
      return { ...halted, fetching: false, fetchAt: halted.pollAt ?? moment.now }; // for whoever takes it up again
    };
    if (verdict === 'auth') return stopped(authRequired());
    if (record.status === 'completed') {
      if (verdict === 'expired')
        return { ...state, fetching: false, record: settle(record, outcomeOf(failure), moment.now) };
      // Completed without what it completed with is no success.
      if (verdict === 'our-bug' || verdict === 'no-tasks') return stopped(outcomeOf(failure));
    } else if (isServerError(failure) || verdict === 'expired') {
      // The result of a task that failed is the error that the call would have been answered with.
      const outcome = { status: record.status, error: errorOf(failure) };
      return { ...state, fetching: false, record: settle(record, outcome, moment.now) };
    }
  }
  const fetchAt = moment.now + delayAfter(state, failure, moment);
  const trouble = isTerminal(record.status) ? unfetched(record, failure) : record.trouble;
  const failures = isTerminal(record.status) ? state.failures + 1 : state.failures;
  return { ...state, fetching: false, failures, fetchAt, record: touch({ ...record, trouble }, moment.now) };
}

function unfetched({ status }: TaskRecord, { message }: Failure): string {
  return `${status}, result not fetched: ${message}`;
}
