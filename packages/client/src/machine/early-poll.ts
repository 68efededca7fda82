import { own } from '../task/own.ts';
import { digestQuestion } from '../task/question.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';
import type { Lifecycle, Moment } from './lifecycle-state.ts';
import { FLOOR_MS } from './poll-pace.ts';
import { pendingAnswers, reopen } from './questions.ts';

/** A question last listed longer ago than this may have been withdrawn or changed. */
const FRESH_MS = 5_000;

/** Whether a poll is needed before an answer is sent. A question on a stream is open while the stream is. */
export function needsPollFirst({ record, traits }: Lifecycle, now: number): boolean {
  return record.taskId !== null && traits.questions !== 'requested' && Math.abs(now - record.observedAt) > FRESH_MS;
}

/** When that poll is due: before the poll interval, but never within the user's minimum or the back-off. */
export function earlyPollAt({ polledAt, failures, minPollIntervalMs }: Lifecycle, pollAt: number, now: number): number {
  if (failures > 0) return pollAt;
  return Math.min(pollAt, Math.max(now, polledAt + Math.max(FRESH_MS, minPollIntervalMs)));
}

/** Makes the next poll due now, unless the last one was early too, the user's minimum applies, or a back-off runs. */
export function pollEarly(state: Lifecycle, { now }: Pick<Moment, 'now'>): Lifecycle {
  const { polling, record, polledAt, earlyAt, minPollIntervalMs } = state;
  if (polling.kind !== 'due' || polling.at <= now || record.taskId === null) return state;
  if (state.failures > 0 || record.contact !== undefined) return state;
  if (polledAt <= earlyAt || now < polledAt + Math.max(FLOOR_MS, minPollIntervalMs)) return state;
  return { ...state, earlyAt: now, polling: { kind: 'due', at: now }, record: { ...record, nextPollAt: now } };
}

/** The record without unsent answers whose questions the server no longer lists. */
export function withoutClosedAnswers(state: Lifecycle, { inputRequests = {} }: TaskSnapshot): TaskRecord {
  const { record, maybeSent, traits } = state;
  if (traits.questions === 'requested') return record;
  const over = Object.entries(pendingAnswers(record.ledger)).flatMap(([key, { digest }]) => {
    const listed = own(inputRequests, key);
    const isSame = listed !== undefined && digestQuestion(listed) === digest;
    return isSame || maybeSent.has(key) ? [] : [key];
  });
  return over.length === 0 ? record : { ...record, ledger: reopen(record.ledger, over) };
}
