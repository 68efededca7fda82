import type { JudgedFailure } from '../task/failure.ts';
import { isTerminal } from '../task/task.ts';
import type { Lifecycle, Moment } from './lifecycle-state.ts';
import { delayAfter, touch } from './poll-failures.ts';
import { reopen } from './questions.ts';

/** Answers the server did not acknowledge: sent again, put to a person again, or left to the next poll to decide. */
export function answersFailed(
  state: Lifecycle,
  { keys, failure }: { readonly keys: readonly string[]; readonly failure: JudgedFailure },
  moment: Moment,
): Lifecycle {
  const { record } = state;
  const trouble = failure.message;
  if (failure.verdict === 'expired') {
    const doubted = keys.filter((key) => state.sending.includes(key));
    return { ...state, doubtedAnswers: [...state.doubtedAnswers, ...doubted] };
  }
  if (failure.verdict === 'refused') {
    const ledger = reopen(record.ledger, keys);
    return { ...without(state, keys), record: touch({ ...record, ledger, trouble }, moment.now) };
  }
  const retryAnswersAt = moment.now + delayAfter(state, failure, moment);
  return { ...without(state, keys), retryAnswersAt, record: touch({ ...record, trouble }, moment.now) };
}

export function cancelFailed(state: Lifecycle, failure: JudgedFailure, moment: Moment): Lifecycle {
  const { record } = state;
  const trouble = failure.message;
  // Unknown, expired or finished already: one code for all of them. The next poll tells which.
  if (failure.verdict === 'expired') return { ...state, cancelDoubted: true };
  const cancelRequestedAt = failure.verdict === 'refused' ? undefined : record.cancelRequestedAt;
  const retryCancelAt = moment.now + delayAfter(state, failure, moment);
  return {
    ...state,
    cancelling: false,
    retryCancelAt,
    record: touch({ ...record, trouble, cancelRequestedAt }, moment.now),
  };
}

/** The task is known, so it was the request that the server would not take. */
export function settleDoubts(state: Lifecycle): Lifecycle {
  const { doubtedAnswers, cancelDoubted, record } = state;
  if (doubtedAnswers.length === 0 && !cancelDoubted) return state;
  if (isTerminal(record.status)) return { ...state, doubtedAnswers: [], cancelDoubted: false };
  const ledger = reopen(record.ledger, doubtedAnswers);
  const trouble = cancelDoubted ? 'The server did not take the wish to cancel' : 'The server did not take the answer';
  const cancelRequestedAt = cancelDoubted ? undefined : record.cancelRequestedAt;
  return {
    ...without(state, doubtedAnswers),
    doubtedAnswers: [],
    cancelDoubted: false,
    cancelling: cancelDoubted ? false : state.cancelling,
    record: { ...record, ledger, trouble, cancelRequestedAt },
  };
}

export function without(state: Lifecycle, keys: readonly string[]): Lifecycle {
  return { ...state, sending: state.sending.filter((key) => !keys.includes(key)) };
}
