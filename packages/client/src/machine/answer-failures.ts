import type { JudgedFailure } from '../task/failure.ts';
import { own } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';
import { isTerminal, type TaskSnapshot } from '../task/task.ts';
import type { Flight, Lifecycle, Moment } from './lifecycle-state.ts';
import { delayAfter, silence, touch } from './poll-failures.ts';
import { acknowledge, markSent, pendingAnswers, reopen } from './questions.ts';

/** An answer that arrived may take this long to show in what the server says of the task. */
const EFFECT_MS = 3_000;

/** Answers that the server did not acknowledge: sent again, put to a person again, or left to the next poll to decide. */
export function answersFailed(
  state: Lifecycle,
  { keys, failure }: { readonly keys: readonly string[]; readonly failure: JudgedFailure },
  moment: Moment,
): Lifecycle {
  const { record, answers, traits } = state;
  // Where an answer must not arrive twice, one whose reply was lost is looked for before anything else.
  if (failure.verdict === 'expired' || (failure.verdict !== 'refused' && traits.answers === 'once')) {
    const doubted = keys.filter((key) => answers.has(key)).map((key) => [key, 'doubted'] as const);
    return { ...state, doubtedAt: moment.now, answers: new Map([...answers, ...doubted]) };
  }
  if (failure.verdict === 'refused') {
    const ledger = reopen(record.ledger, keys);
    const refused = touch({ ...record, ledger, trouble: failure.message }, moment.now);
    return { ...withoutAnswers(state, keys), record: refused };
  }
  const answersAt = moment.now + delayAfter(state, failure, moment);
  return { ...withoutAnswers(state, keys), answersAt, record: silence(record, failure.message, moment.now) };
}

export function cancelFailed(state: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const { record } = state;
  // Unknown, expired or finished already: one word for all of them. The next poll tells which.
  if (failure.verdict === 'expired') return { ...state, cancel: 'doubted' };
  const cancelAt = moment.now + delayAfter(state, failure, moment);
  const told =
    failure.verdict === 'refused'
      ? touch({ ...record, trouble: failure.message, cancelRequestedAt: undefined }, moment.now)
      : silence(record, failure.message, moment.now);
  return { ...state, cancel: 'idle', cancelAt, record: told };
}

/** The task is known, so it was the request that the server did not take. */
export function settleDoubts(state: Lifecycle, snapshot: TaskSnapshot, now: number): Lifecycle {
  const doubted = [...state.answers].filter(([, flight]) => flight === 'doubted').map(([key]) => key);
  const keys = doubted.filter((key) => isTold(state, key, snapshot));
  const isCancelDoubted = state.cancel === 'doubted';
  if (keys.length === 0 && !isCancelDoubted) return state;
  const cancel: Flight = isCancelDoubted ? 'idle' : state.cancel;
  const certain = { ...withoutAnswers(state, keys), cancel };
  if (isTerminal(state.record.status)) return certain;
  const answered = keys.length === 0 ? state.record : settleAnswers(state, keys, snapshot, now);
  const refused = { cancelRequestedAt: undefined, trouble: 'The server did not take the wish to cancel' };
  return { ...certain, record: isCancelDoubted ? { ...answered, ...refused } : answered };
}

/** The record of a task that has come to its end after an answer that must not go out twice: the answer has arrived. */
export function takenByEnd(
  { traits, answers }: Lifecycle,
  record: TaskRecord,
  status: string,
  now: number,
): TaskRecord {
  if (traits.answers !== 'once' || !(status === 'completed' || status === 'failed')) return record;
  const doubted = [...answers].flatMap(([key, flight]) => (flight === 'doubted' ? [key] : []));
  return doubted.length === 0 ? record : { ...record, ledger: acknowledge(record.ledger, doubted, now) };
}

/** The server shows the answer, or does not ask any more, or has had the time to. */
function isTold({ record, traits, polledAt, doubtedAt }: Lifecycle, key: string, { answered }: TaskSnapshot): boolean {
  if (traits.answers !== 'once' || answered?.includes(key)) return true;
  if (polledAt < doubtedAt) return false;
  if (own(record.inputRequests, key) === undefined) return true;
  return polledAt >= (own(pendingAnswers(record.ledger), key)?.sentAt ?? Number.NEGATIVE_INFINITY) + EFFECT_MS;
}

/** An answer that must not be sent twice has arrived if the server shows it, or if its question is not asked any more. */
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
  const again = 'The answer may not have arrived, and cannot be sent twice by itself: answer again';
  return { ...record, ledger, trouble: isOnce ? again : 'The server did not take the answer' };
}

/** Nothing is out for these any more. */
export function withoutAnswers(state: Lifecycle, keys: readonly string[]): Lifecycle {
  return { ...state, answers: new Map([...state.answers].filter(([key]) => !keys.includes(key))) };
}

/** These are out now. */
export function withAnswersOut(state: Lifecycle, keys: readonly string[], now: number): Lifecycle {
  const answers = new Map([...state.answers, ...keys.map((key) => [key, 'out'] as const)]);
  const { record, traits } = state;
  // On record before it goes out: whoever drives the task next must not send it again.
  const marked = traits.answers === 'once' ? { ...record, ledger: markSent(record.ledger, keys, now) } : record;
  return { ...state, answers, record: marked, maybeSent: new Set([...state.maybeSent, ...keys]) };
}
