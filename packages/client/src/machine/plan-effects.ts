import { own } from '../task/own.ts';
import { isTerminal } from '../task/task.ts';
import { lookAt, needsLook } from './fresh-look.ts';
import type { Effect, Lifecycle } from './lifecycle-state.ts';
import { MAX_TIMER_MS } from './poll-pace.ts';
import { pendingAnswers } from './questions.ts';

/** What must happen now, and when to look again. */
export function demand(state: Lifecycle, now: number): readonly [Lifecycle, readonly Effect[]] {
  const { record } = state;
  if (record.phase === 'settled' || record.phase === 'intent' || state.halted !== null) return [state, []];
  if (state.handsOff && record.taskId === null) return [state, []];
  const effects: Effect[] = [];
  const due: number[] = [];
  let next = state;
  const pending = pendingAnswers(record.ledger);
  const waiting = Object.keys(pending).filter((key) => !state.sending.includes(key));
  const unseen = !state.handsOff && needsLook(state, now) ? waiting : [];
  const unsent = unseen.length > 0 ? [] : waiting;
  const responses = Object.fromEntries(unsent.map((key) => [key, pending[key]?.response ?? {}]));

  if (record.taskId === null) {
    const keys = Object.keys(record.inputRequests);
    const streamed = state.traits.questions === 'requested' && keys.length > 0;
    if (streamed && unsent.length > 0) {
      next = sending(next, unsent);
      effects.push({ type: 'send-answers', responses });
    } else if (keys.length === 0 && (state.pollAt ?? 0) > now) {
      effects.push({ type: 'wake', at: state.pollAt ?? now });
    } else if (!streamed && !state.repeating && keys.every((key) => own(pending, key) !== undefined)) {
      // From here the outcome is open again: found in this phase by another process, the call may have run.
      next = { ...next, repeating: true, record: { ...record, phase: 'intent', status: 'unknown' } };
      effects.push({ type: 'repeat-call', responses });
    }
    return [next, effects];
  }
  const ended = isTerminal(record.status);
  if (unsent.length > 0 && !ended && !state.handsOff) {
    if (state.retryAnswersAt > now) due.push(state.retryAnswersAt);
    else {
      next = sending(next, unsent);
      effects.push({ type: 'send-answers', responses });
    }
  }
  const wantsCancel = record.cancelRequestedAt !== undefined && record.cancelAcknowledgedAt === undefined;
  if (wantsCancel && !ended && !state.cancelling && !state.handsOff) {
    if (state.retryCancelAt > now) due.push(state.retryCancelAt);
    else {
      next = { ...next, cancelling: true };
      effects.push({ type: 'send-cancel' });
    }
  }
  // The stream of a task that waits for input brings its questions, to whoever opens it: not to one who only watches.
  const wantsStream = ended || (record.status === 'input_required' && !state.handsOff);
  if (state.traits.resultApart && wantsStream && !state.fetching) {
    if (state.fetchAt > now) due.push(state.fetchAt);
    else {
      next = { ...next, fetching: true };
      effects.push({ type: 'open-result' });
    }
  }
  const pollAt = unseen.length > 0 ? lookAt(state, now) : state.pollAt;
  if (!ended && pollAt !== null) {
    if (pollAt > now) due.push(pollAt);
    else {
      next = { ...next, pollAt: null, polledAt: now };
      effects.push({ type: 'poll' });
    }
  }
  if (due.length > 0) effects.push({ type: 'wake', at: Math.min(now + MAX_TIMER_MS, ...due) });
  return [next, effects];
}

function sending(state: Lifecycle, keys: readonly string[]): Lifecycle {
  return { ...state, sending: [...state.sending, ...keys], maybeSent: [...new Set([...state.maybeSent, ...keys])] };
}
