import { expiryOf, type TaskRecord } from '../task/record.ts';
import { isSameJson } from '../task/same-json.ts';
import type { TaskSnapshot } from '../task/task.ts';
import type { Lifecycle, Moment } from './lifecycle-state.ts';
import { planDelayMs } from './poll-pace.ts';

/**
 * The instants that change in a poll without news. A working task is polled for hours: they are updated in place, and
 * the lifecycle and its record are rebuilt only on another event or on a read.
 */
export interface PollTimes {
  isOut: boolean;
  dueAt: number;
  polledAt: number;
  observedAt: number;
  seenAt: number;
  /** A poll succeeded since the record was built. */
  isAhead: boolean;
}

/** Whether the task needs only polling: no question, answer, cancel, failure or end. */
export function isSteady({ record, ...state }: Lifecycle): boolean {
  const { polling, traits } = state;
  if (record.phase !== 'open' || record.taskId === null || record.status !== 'working' || state.handsOff) return false;
  if (polling.kind === 'stopped' || record.nextPollAt === undefined) return false;
  if (polling.kind === 'due' && polling.at !== record.nextPollAt) return false;
  if (state.failures > 0 || state.answers.size > 0 || state.ending !== null || state.repeat === 'out') return false;
  if (state.cancel !== 'idle' || state.result !== 'idle' || state.askedAt >= state.polledAt) return false;
  if (record.cancelRequestedAt !== undefined && record.cancelAcknowledgedAt === undefined) return false;
  if (record.contact !== undefined || record.trouble !== undefined || record.requestState !== undefined) return false;
  if (record.begunAt === undefined || hasKeys(record.inputRequests)) return false;
  // With a protocol that asks by requests, the ledger keeps answers until the task continues.
  return (
    !hasKeys(record.ledger) || (traits.questions === 'listed' && Object.values(record.ledger).every(hasNoPendingAnswer))
  );
}

function hasNoPendingAnswer(entry: TaskRecord['ledger'][string]): boolean {
  return entry.state !== 'answering' && !('response' in entry && entry.response !== undefined);
}

function hasKeys(map: object): boolean {
  for (const _ in map) return true;
  return false;
}

/** Whether a snapshot of a steady task equals its record: only the observation time is new. */
export function isUnchanged(record: TaskRecord, snapshot: TaskSnapshot, now: number): boolean {
  if (snapshot.taskId !== record.taskId || snapshot.status !== 'working') return false;
  if (snapshot.statusMessage !== record.statusMessage || snapshot.error !== undefined) return false;
  if (snapshot.ttlMs !== undefined && snapshot.ttlMs !== record.ttlMs) return false;
  if (snapshot.pollIntervalMs !== record.pollIntervalMs || snapshot.answered !== undefined) return false;
  if (snapshot.lastUpdatedAt !== undefined && snapshot.lastUpdatedAt !== record.serverUpdatedAt) return false;
  if (snapshot.createdAt !== undefined && snapshot.createdAt !== record.serverCreatedAt) return false;
  if (snapshot.context !== undefined && snapshot.context !== record.context) return false;
  if (snapshot.carried !== undefined && !isSameJson(snapshot.carried, record.carried)) return false;
  if (snapshot.inputRequests !== undefined && hasKeys(snapshot.inputRequests)) return false;
  const last = record.history.at(-1);
  if (last?.status !== 'working' || last.message !== record.statusMessage) return false;
  return now <= (expiryOf(record) ?? Number.POSITIVE_INFINITY);
}

export function timesOf({ record, polling, polledAt, seenAt }: Lifecycle): PollTimes {
  const { nextPollAt = 0, observedAt } = record;
  return { isOut: polling.kind === 'out', dueAt: nextPollAt, polledAt, observedAt, seenAt, isAhead: false };
}

/** The lifecycle of a steady task with these instants. */
export function withTimes(state: Lifecycle, times: PollTimes): Lifecycle {
  const { isOut, dueAt, polledAt, observedAt, seenAt, isAhead } = times;
  const { record } = state;
  return {
    ...state,
    polling: isOut ? { kind: 'out' } : { kind: 'due', at: dueAt },
    polledAt,
    seenAt,
    record: isAhead ? { ...record, observedAt, updatedAt: observedAt, nextPollAt: dueAt } : record,
  };
}

/** Records that a poll was sent. */
export function noteOut(times: PollTimes, now: number): void {
  times.isOut = true;
  times.polledAt = now;
  times.seenAt = now;
}

/** Records a response without news. Sets the next poll. */
export function noteAnswer(times: PollTimes, { record, minPollIntervalMs }: Lifecycle, { now, chance }: Moment): void {
  const { pollIntervalMs } = record;
  times.isOut = false;
  times.dueAt = now + planDelayMs({ pollIntervalMs, minPollIntervalMs, failures: 0, chance });
  times.observedAt = now;
  times.seenAt = now;
  times.isAhead = true;
}
