import { errorOf, type Failure, isServerError, type JudgedFailure } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import type { TaskRecord } from '../task/record.ts';
import { isTerminal, type Outcome } from '../task/task.ts';
import { toolResultOf } from '../task/tool-result.ts';
import { outcomeOfFailure } from '../task/verdicts.ts';
import type { Lifecycle, Moment, StopReason } from './lifecycle-state.ts';
import { settle } from './observe.ts';
import { planDelayMs } from './poll-pace.ts';

export function touch(record: TaskRecord, now: number): TaskRecord {
  return { ...record, updatedAt: now };
}

/** The record with the failure. `since` stays that of the first failure in a row. */
export function withFailure(record: TaskRecord, trouble: string, now: number): TaskRecord {
  const { contact } = record;
  return touch({ ...record, trouble, contact: contact ?? { kind: 'silent', since: now } }, now);
}

export function delayAfter(state: Lifecycle, failure: Failure, moment: Moment): number {
  const retryAfterMs = failure.kind === 'http' ? failure.retryAfterMs : undefined;
  const { pollIntervalMs } = state.record;
  const { minPollIntervalMs } = state;
  const failures = state.failures + 1;
  return planDelayMs({ pollIntervalMs, minPollIntervalMs, failures, retryAfterMs, chance: moment.chance });
}

/** Schedules the next poll by the newest hint, counted from this response. */
export function schedulePoll(state: Lifecycle, moment: Moment): Lifecycle {
  const at = nextPollTime(state, moment);
  return { ...state, polling: { kind: 'due', at }, record: { ...state.record, nextPollAt: at } };
}

function nextPollTime({ record, minPollIntervalMs, failures }: Lifecycle, { now, chance }: Moment): number {
  return now + planDelayMs({ pollIntervalMs: record.pollIntervalMs, minPollIntervalMs, failures, chance });
}

/** Ends a back-off: the poll is due after one interval, other requests now. */
export function endBackoff(state: Lifecycle, moment: Moment): Lifecycle {
  const { polling, record } = state;
  const { now } = moment;
  if (state.failures === 0 && record.contact === undefined) return state;
  const sooner = {
    ...state,
    answersAt: Math.min(state.answersAt, now),
    cancelAt: Math.min(state.cancelAt, now),
    resultAt: Math.min(state.resultAt, now),
  };
  if (polling.kind !== 'due') return sooner;
  const at = Math.min(polling.at, nextPollTime({ ...state, failures: 0 }, moment));
  return { ...sooner, polling: { kind: 'due', at }, record: { ...record, nextPollAt: at } };
}

export function pollFailed(state: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const { record } = state;
  const { verdict, message } = failure;
  switch (verdict) {
    case 'expired':
      return { ...state, record: settle(record, outcomeOfFailure(failure), moment.now) };
    case 'auth':
      return stop(state, { why: verdict, outcome: outcomeOfFailure(failure), trouble: message }, moment);
    case 'no-tasks':
      return stop(
        state,
        {
          why: verdict,
          outcome: outcomeOfFailure(failure),
          trouble: `The server no longer supports tasks: ${message}`,
        },
        moment,
      );
    case 'our-bug':
      return stop(
        state,
        {
          why: verdict,
          outcome: outcomeOfFailure(failure),
          trouble: `The server rejected the request as invalid: ${message}`,
        },
        moment,
      );
    default: {
      const at = moment.now + delayAfter(state, failure, moment);
      const failures = state.failures + 1;
      const silent = { ...withFailure(record, message, moment.now), nextPollAt: at };
      return { ...state, failures, polling: { kind: 'due', at }, record: silent };
    }
  }
}

interface Stop {
  readonly why: StopReason;
  readonly outcome: Outcome;
  readonly trouble: string;
}

/** Polling stops. Without `nextPollAt` the next resume polls immediately. */
function stop(state: Lifecycle, { why, outcome, trouble }: Stop, moment: Moment): Lifecycle {
  const record = { ...withFailure(state.record, trouble, moment.now), nextPollAt: undefined };
  return { ...state, polling: { kind: 'stopped', why, outcome, at: nextPollTime(state, moment) }, record };
}

export function withResult(record: TaskRecord, result: JsonObject, now: number): TaskRecord {
  // The result may arrive before the end is observed: then `isError` means failed.
  const status = record.status === 'failed' || result.isError === true ? 'failed' : 'completed';
  return settle({ ...record, status }, { status, result: toolResultOf(result) }, now);
}

export function resultFailed(before: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const state: Lifecycle = { ...before, result: 'idle' };
  const { record } = state;
  const { verdict } = failure;
  const resultAt = moment.now + delayAfter(state, failure, moment);
  // The stream broke before the end of the task: reopen it.
  if (!isTerminal(record.status)) return { ...state, resultAt, record: touch(record, moment.now) };
  const trouble = `${record.status}, result not fetched: ${failure.message}`;
  // A completed task without its result is no success: stop when retries cannot fetch it.
  const isLasting = record.status === 'completed' && (verdict === 'our-bug' || verdict === 'no-tasks');
  if (verdict === 'auth' || (isLasting && isStopReason(verdict))) {
    const stopped = stop(state, { why: verdict, outcome: outcomeOfFailure(failure), trouble }, moment);
    return { ...stopped, resultAt: nextPollTime(state, moment) };
  }
  if (record.status === 'completed' && verdict === 'expired') {
    return { ...state, record: settle(record, outcomeOfFailure(failure), moment.now) };
  }
  if (record.status !== 'completed' && (isServerError(failure) || verdict === 'expired')) {
    // The result of a failed task is the JSON-RPC error that the call would have returned.
    return { ...state, record: settle(record, { status: record.status, error: errorOf(failure) }, moment.now) };
  }
  return { ...state, failures: state.failures + 1, resultAt, record: withFailure(record, trouble, moment.now) };
}

function isStopReason(verdict: JudgedFailure['verdict']): verdict is StopReason {
  return verdict === 'auth' || verdict === 'no-tasks' || verdict === 'our-bug';
}
