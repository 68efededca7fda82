import type { JudgedFailure } from '../task/failure.ts';
import { own } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';
import { isTerminal, type TaskSnapshot } from '../task/task.ts';
import type { Flight, Lifecycle, Moment } from './lifecycle-state.ts';
import { delayAfter, touch, withFailure } from './poll-failures.ts';
import { acknowledge, markSent, pendingAnswers, reopen } from './questions.ts';

/** How long an answer that arrived may stay invisible in the task. */
const EFFECT_MS = 3_000;

/** After a failed update: retries the answers, reopens their questions, or lets the next poll decide. */
export function answersFailed(
  state: Lifecycle,
  { keys, failure }: { readonly keys: readonly string[]; readonly failure: JudgedFailure },
  moment: Moment,
): Lifecycle {
  const { record, answers, traits } = state;
  // A send-once answer with a lost reply: a poll checks for it first.
  if (failure.verdict === 'expired' || (failure.verdict !== 'refused' && traits.answers === 'once')) {
    const unconfirmed = keys.filter((key) => answers.has(key)).map((key) => [key, 'unconfirmed'] as const);
    return { ...state, unconfirmedAt: moment.now, answers: new Map([...answers, ...unconfirmed]) };
  }
  if (failure.verdict === 'refused') {
    const ledger = reopen(record.ledger, keys);
    const refused = touch({ ...record, ledger, trouble: failure.message }, moment.now);
    return { ...withoutAnswers(state, keys), record: refused };
  }
  const answersAt = moment.now + delayAfter(state, failure, moment);
  return { ...withoutAnswers(state, keys), answersAt, record: withFailure(record, failure.message, moment.now) };
}

export function cancelFailed(state: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const { record } = state;
  // The code means unknown, expired or already finished: the next poll decides.
  if (failure.verdict === 'expired') return { ...state, cancel: 'unconfirmed' };
  const cancelAt = moment.now + delayAfter(state, failure, moment);
  const failed =
    failure.verdict === 'refused'
      ? touch({ ...record, trouble: failure.message, cancelRequestedAt: undefined }, moment.now)
      : withFailure(record, failure.message, moment.now);
  return { ...state, cancel: 'idle', cancelAt, record: failed };
}

/** Resolves unconfirmed requests: a poll found the task, so the server had refused the request, not the task. */
export function resolveUnconfirmed(state: Lifecycle, snapshot: TaskSnapshot, now: number): Lifecycle {
  const unconfirmed = [...state.answers].filter(([, flight]) => flight === 'unconfirmed').map(([key]) => key);
  const keys = unconfirmed.filter((key) => isDecided(state, key, snapshot));
  const isCancelUnconfirmed = state.cancel === 'unconfirmed';
  if (keys.length === 0 && !isCancelUnconfirmed) return state;
  const cancel: Flight = isCancelUnconfirmed ? 'idle' : state.cancel;
  const certain = { ...withoutAnswers(state, keys), cancel };
  if (isTerminal(state.record.status)) return certain;
  const answered = keys.length === 0 ? state.record : settleAnswers(state, keys, snapshot, now);
  const refused = { cancelRequestedAt: undefined, trouble: 'The server did not accept the cancel request' };
  return { ...certain, record: isCancelUnconfirmed ? { ...answered, ...refused } : answered };
}

/** Acknowledges unconfirmed send-once answers of a task that has completed or failed: they arrived. */
export function acknowledgedByEnd(
  { traits, answers }: Lifecycle,
  record: TaskRecord,
  status: string,
  now: number,
): TaskRecord {
  if (traits.answers !== 'once' || !(status === 'completed' || status === 'failed')) return record;
  const unconfirmed = [...answers].flatMap(([key, flight]) => (flight === 'unconfirmed' ? [key] : []));
  return unconfirmed.length === 0 ? record : { ...record, ledger: acknowledge(record.ledger, unconfirmed, now) };
}

/** The server shows the answer, has closed the question, or had enough time to show it. */
function isDecided(
  { record, traits, polledAt, unconfirmedAt }: Lifecycle,
  key: string,
  { answered }: TaskSnapshot,
): boolean {
  if (traits.answers !== 'once' || answered?.includes(key)) return true;
  if (polledAt < unconfirmedAt) return false;
  if (own(record.inputRequests, key) === undefined) return true;
  return polledAt >= (own(pendingAnswers(record.ledger), key)?.sentAt ?? Number.NEGATIVE_INFINITY) + EFFECT_MS;
}

/** A send-once answer has arrived if the server shows it, or if its question is no longer open. */
function settleAnswers(
  { record, traits }: Lifecycle,
  keys: readonly string[],
  { answered = [] }: TaskSnapshot,
  now: number,
): TaskRecord {
  const isOnce = traits.answers === 'once';
  const isMissing = (key: string): boolean => !answered.includes(key) && own(record.inputRequests, key) !== undefined;
  const asked = isOnce ? keys.filter(isMissing) : keys;
  const arrived = keys.filter((key) => !asked.includes(key));
  const ledger = acknowledge(reopen(record.ledger, asked), arrived, now);
  if (asked.length === 0) return { ...record, ledger };
  const again = 'The answer may be lost, and is not sent again automatically: answer again';
  return { ...record, ledger, trouble: isOnce ? again : 'The server did not accept the answer' };
}

/** The state without these answers in flight. */
export function withoutAnswers(state: Lifecycle, keys: readonly string[]): Lifecycle {
  return { ...state, answers: new Map([...state.answers].filter(([key]) => !keys.includes(key))) };
}

/** The state with these answers in flight. */
export function withAnswersOut(state: Lifecycle, keys: readonly string[], now: number): Lifecycle {
  const answers = new Map([...state.answers, ...keys.map((key) => [key, 'out'] as const)]);
  const { record, traits } = state;
  // Marked before it is sent: the next lease holder must not send it again.
  const marked = traits.answers === 'once' ? { ...record, ledger: markSent(record.ledger, keys, now) } : record;
  return { ...state, answers, record: marked, maybeSent: new Set([...state.maybeSent, ...keys]) };
}
