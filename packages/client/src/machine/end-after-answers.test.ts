import { expect, test } from 'vitest';
import type { TaskSnapshot } from '../task/task.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED } from '../testing/sample-traits.ts';
import { advance, createLifecycle, type Lifecycle, type LifecycleEvent } from './lifecycle.ts';
import type { UnstampedEvent as Step } from './lifecycle-state.ts';

const completed: TaskSnapshot = { taskId: 't1', status: 'completed', result: { content: [] }, inputRequests: {} };
const ended = (polled: boolean): Step => ({ type: 'task-observed', snapshot: completed, polled });
const acked: Step = { type: 'answers-acknowledged', keys: ['go'] };
const refused: Step = {
  type: 'answers-failed',
  keys: ['go'],
  failure: { kind: 'rpc', code: -32602, message: 'No such task', verdict: 'expired' },
};

/** A lifecycle with an answer that was just sent. */
function answering(): Lifecycle {
  const record = sampleRecord({
    id: 'a1',
    taskId: 't1',
    status: 'input_required',
    inputRequests: { go: { method: 'elicitation/create', params: { message: 'Go?' } } },
    ledger: { go: { state: 'answering', digest: 'd', response: { action: 'accept' }, since: 0 } },
  });
  const state = createLifecycle(record, { traits: LISTED, minPollIntervalMs: 0 });
  const [next, effects] = advance(state, { type: 'time-passed', now: 1_000, chance: 0 });
  expect(effects.map((effect) => effect.type)).toContain('send-answers');
  return next;
}

function live(...steps: readonly Step[]): Lifecycle {
  return steps.reduce<Lifecycle>(
    (state, step, at) => advance(state, { ...step, now: 1_001 + at, chance: 0 } as LifecycleEvent)[0],
    answering(),
  );
}

function play(...steps: readonly Step[]) {
  const { record } = live(...steps);
  return { phase: record.phase, go: record.ledger.go?.state };
}

const outcomeOf = (...steps: readonly Step[]) => live(...steps).record.outcome?.status;

test.each([false, true])(
  'an answer is acknowledged when it ends the task, even if the end arrives before the reply (polled: %s)',
  (polled) => {
    expect(play(ended(polled))).toEqual({ phase: 'open', go: 'answering' });
    expect(play(ended(polled), acked)).toEqual({ phase: 'settled', go: 'acknowledged' });
    expect(play(acked, ended(polled))).toEqual({ phase: 'settled', go: 'acknowledged' });
  },
);

test('an answer refused because the task had ended is not acknowledged', () => {
  expect(play(ended(true), refused)).toEqual({ phase: 'settled', go: 'open' });
  expect(play(refused, ended(true))).toEqual({ phase: 'settled', go: 'open' });
});

test('an end seen twice waits for the reply to an answer, until the reply arrives or fails', () => {
  const lost: Step = {
    type: 'answers-failed',
    keys: ['go'],
    failure: { kind: 'transport', message: 'timed out', verdict: 'retry' },
  };
  expect(play(ended(false), ended(true))).toEqual({ phase: 'open', go: 'answering' });
  expect(play(ended(false), ended(true), acked)).toEqual({ phase: 'settled', go: 'acknowledged' });
  expect(play(ended(false), ended(true), lost)).toEqual({ phase: 'settled', go: 'open' });
});

test('with two answers in flight the end waits for both replies', () => {
  const one: Step = { type: 'answers-acknowledged', keys: ['stop'] };
  const both = (...steps: readonly Step[]) => {
    const { record } = live(...steps);
    return { phase: record.phase, outcome: record.outcome?.status, go: record.ledger.go?.state };
  };
  expect(both(ended(true), one)).toEqual({ phase: 'open', outcome: undefined, go: 'answering' });
  expect(both(ended(true), one, acked)).toEqual({ phase: 'settled', outcome: 'completed', go: 'acknowledged' });
});

test('a snapshot or failed poll does not undo an end that waits for a reply', () => {
  const working: Step = { type: 'task-observed', snapshot: { taskId: 't1', status: 'working' }, polled: true };
  const missing: Step = {
    type: 'poll-failed',
    failure: { kind: 'rpc', code: -32602, message: 'No such task', verdict: 'expired' },
  };
  expect(play(ended(false), working, acked)).toEqual({ phase: 'settled', go: 'acknowledged' });
  expect(outcomeOf(ended(false), missing, acked)).toBe('completed');
  expect(
    outcomeOf(ended(true), { ...missing, failure: { kind: 'auth', message: '401', verdict: 'auth' } }, acked),
  ).toBe('completed');
});

test('an end of another task, or a pushed end without a result, does not wait for the reply to an answer', () => {
  const foreign: Step = { type: 'task-observed', snapshot: { ...completed, taskId: 't2' }, polled: false };
  const withoutResult: Step = { type: 'task-observed', snapshot: { taskId: 't1', status: 'failed' }, polled: false };
  for (const step of [foreign, withoutResult]) expect(play(step, acked)).toEqual({ phase: 'open', go: 'acknowledged' });
});
