import { own } from '../task/own.ts';
import type { InputResponse } from '../task/task.ts';
import { isTerminal } from '../task/task.ts';
import { withAnswersOut } from './answer-failures.ts';
import { earlyPollAt, needsPollFirst } from './early-poll.ts';
import type { Effect, Lifecycle } from './lifecycle-state.ts';
import { MAX_TIMER_MS } from './poll-pace.ts';
import { pendingAnswers } from './questions.ts';

type Planned = readonly [Lifecycle, readonly Effect[]];

/** The effects to run now, and the next wake-up. */
export function planEffects(state: Lifecycle, now: number): Planned {
  const { record, polling, handsOff } = state;
  if (record.phase === 'settled' || record.phase === 'intent' || polling.kind === 'stopped') return [state, []];
  if (record.taskId !== null) return planTask(state, now);
  return handsOff ? [state, []] : planCall(state, now);
}

/** Answers that are neither in flight nor unconfirmed. */
function unsentAnswers({ record, answers }: Lifecycle): readonly (readonly [string, InputResponse])[] {
  const pending = Object.entries(pendingAnswers(record.ledger));
  return pending.filter(([key]) => !answers.has(key)).map(([key, { response }]) => [key, response] as const);
}

/** Plans the call again: the server asks before it makes a task. */
function planCall(state: Lifecycle, now: number): Planned {
  const { record, polling } = state;
  const unsent = unsentAnswers(state);
  const responses = Object.fromEntries(unsent);
  const keys = Object.keys(record.inputRequests);
  if (state.traits.questions === 'requested' && keys.length > 0) {
    if (unsent.length === 0) return [state, []];
    return [withAnswersOut(state, Object.keys(responses), now), [{ type: 'send-answers', responses }]];
  }
  if (keys.length === 0 && polling.kind === 'due' && polling.at > now)
    return [state, [{ type: 'wake', at: polling.at }]];
  const pending = pendingAnswers(record.ledger);
  if (state.repeat === 'out' || !keys.every((key) => own(pending, key) !== undefined)) return [state, []];
  // From here the result is unknown: another process that finds this phase must assume that the call ran.
  const calling = { ...record, phase: 'intent', status: 'unknown' } as const;
  return [{ ...state, repeat: 'out', record: calling }, [{ type: 'repeat-call', responses }]];
}

/** Sends each kind of request when it is wanted, not in flight, and due. */
function planTask(state: Lifecycle, now: number): Planned {
  const { record, polling, traits, handsOff } = state;
  const ended = isTerminal(record.status);
  const effects: Effect[] = [];
  const later: number[] = [];
  let next = state;
  const plan = (at: number, effect: Effect, out: (state: Lifecycle) => Lifecycle): void => {
    if (at > now) return void later.push(at);
    next = out(next);
    effects.push(effect);
  };

  const unsent = unsentAnswers(state);
  const mustPollFirst = unsent.length > 0 && !handsOff && needsPollFirst(state, now);
  if (unsent.length > 0 && !mustPollFirst && !ended && !handsOff) {
    const responses = Object.fromEntries(unsent);
    plan(state.answersAt, { type: 'send-answers', responses }, (each) =>
      withAnswersOut(each, Object.keys(responses), now),
    );
  }
  const wantsCancel = record.cancelRequestedAt !== undefined && record.cancelAcknowledgedAt === undefined;
  if (wantsCancel && state.cancel === 'idle' && !ended && !handsOff) {
    plan(state.cancelAt, { type: 'send-cancel' }, (each) => ({ ...each, cancel: 'out' }));
  }
  // Before the end, this stream sends questions to the process that opens it: an observer must not open it.
  const isOnStream = traits.questions === 'requested' && record.status === 'input_required' && !handsOff;
  const wantsResult = ended || isOnStream;
  if (traits.resultApart && wantsResult && state.result === 'idle') {
    plan(state.resultAt, { type: 'open-result' }, (each) => ({ ...each, result: 'out' }));
  }
  if (polling.kind === 'due' && !ended) {
    const at = mustPollFirst ? earlyPollAt(state, polling.at, now) : polling.at;
    plan(at, { type: 'poll' }, (each) => ({ ...each, polling: { kind: 'out' }, polledAt: now }));
  }
  if (later.length > 0) effects.push({ type: 'wake', at: Math.min(now + MAX_TIMER_MS, ...later) });
  return [next, effects];
}
