import { expect, test } from 'vitest';
import type { JudgedFailure } from '../task/failure.ts';
import { digestQuestion } from '../task/question.ts';
import type { TaskRecord } from '../task/record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED, REQUESTED } from '../testing/sample-traits.ts';
import { advance, createLifecycle, type Effect, type Lifecycle, type LifecycleEvent } from './lifecycle.ts';
import type { UnstampedEvent as Step } from './lifecycle-state.ts';

const REQUEST = { method: 'elicitation/create', params: { message: 'Go?' } };
const ANSWERING = {
  state: 'answering',
  digest: digestQuestion(REQUEST),
  response: { action: 'accept' },
  since: 0,
} as const;
const asked = {
  observedAt: 10_000,
  status: 'input_required',
  inputRequests: { go: REQUEST },
  ledger: { go: ANSWERING },
} as const;
const reset: JudgedFailure = { kind: 'transport', message: 'ECONNRESET', verdict: 'retry' };
const unknown: JudgedFailure = { kind: 'rpc', code: -32602, message: 'No such task', verdict: 'expired' };
const internal: JudgedFailure = { kind: 'rpc', code: -32603, message: 'Internal error', verdict: 'retry' };
const passed: Step = { type: 'time-passed' };

/** Plays steps a second apart, and collects the effects of each. */
function live(record: Partial<TaskRecord>, steps: readonly Step[], resultApart = false) {
  const first = createLifecycle(sampleRecord({ id: 'a1', taskId: 't1', ...record }), {
    traits: resultApart ? REQUESTED : LISTED,
    minPollIntervalMs: 0,
  });
  let state: Lifecycle = first;
  const effects: (readonly Effect['type'][])[] = [];
  for (const [at, step] of steps.entries()) {
    const event = { ...step, now: 10_000 + at * 1_000, chance: 0 } as LifecycleEvent;
    const [next, wanted] = advance(state, event);
    state = next;
    effects.push(wanted.map(({ type }) => type));
  }
  return { record: state.record, effects };
}

test('a failed cancel is retried later, not at once', () => {
  const failed: Step = { type: 'cancel-failed', failure: reset };
  const { record, effects } = live({ cancelRequestedAt: 1 }, [passed, failed, passed, passed]);
  expect(effects.map((each) => each.includes('send-cancel'))).toEqual([true, false, false, true]);
  expect(record).toMatchObject({ cancelRequestedAt: 1, trouble: 'ECONNRESET' });
});

test('a cancel that the server refuses is dropped, with the reason in trouble', () => {
  const { record, effects } = live({ cancelRequestedAt: 1 }, [
    passed,
    { type: 'cancel-failed', failure: { ...internal, verdict: 'refused' } },
    passed,
    passed,
  ]);
  expect(effects.flat().filter((type) => type === 'send-cancel')).toHaveLength(1);
  expect(record.cancelRequestedAt).toBeUndefined();
  expect(record.trouble).toBe('Internal error');
});

test('an answer given before its question arrives on the connection is kept without a failure, then sent', () => {
  const unrequested: Step = { type: 'answers-unrequested', keys: ['go'] };
  const wanted: Step = { type: 'question-arrived', key: 'go', request: REQUEST };
  const { record, effects } = live({ ...asked, trouble: 'ECONNREFUSED' }, [passed, unrequested, wanted], true);
  expect(effects.map((each) => each.includes('send-answers'))).toEqual([true, false, true]);
  expect(record.trouble).toBe('ECONNREFUSED');
});

test.each<[string, JudgedFailure, 'answering' | 'open']>([
  ['the server has no such method', { kind: 'rpc', code: -32601, message: 'no', verdict: 'refused' }, 'open'],
  ['the server has an internal error', internal, 'answering'],
  ['a sign-in is required', { kind: 'auth', message: '401', verdict: 'auth' }, 'answering'],
  ['the connection breaks', reset, 'answering'],
])('when %s, a failed answer is kept for a retry only if a retry may succeed', (_, failure, state) => {
  const { record } = live(asked, [passed, { type: 'answers-failed', keys: ['go'], failure }]);
  expect(record.ledger.go?.state).toBe(state);
});

test('a second answer, given after the server refused the first, survives the next poll', () => {
  const waiting = { taskId: 't1', status: 'input_required', inputRequests: { go: REQUEST } } as const;
  const polled: Step = { type: 'task-observed', polled: true, snapshot: waiting };
  const first = createLifecycle(sampleRecord({ id: 'a1', taskId: 't1', ...asked }), {
    traits: LISTED,
    minPollIntervalMs: 0,
  });
  const go = (state: Lifecycle, step: Step): Lifecycle =>
    advance(state, { ...step, now: 10_000, chance: 0 } as LifecycleEvent)[0];
  const refused = [passed, { type: 'answers-failed', keys: ['go'], failure: unknown } as const, polled].reduce(
    go,
    first,
  );
  expect(refused.record.ledger.go?.state).toBe('open');
  const again = [passed, polled].reduce(go, { ...refused, record: { ...refused.record, ledger: asked.ledger } });
  expect(again.record.ledger.go?.state).toBe('answering');
});

test('2025-11-25: a result stream that fails during input_required is reopened, and the task stays open', () => {
  const failed: Step = { type: 'result-failed', failure: internal };
  const { record, effects } = live({ status: 'input_required' }, [passed, failed, passed, passed], true);
  expect(effects.map((each) => each.includes('open-result'))).toEqual([true, false, false, true]);
  expect(record).toMatchObject({ phase: 'open', outcome: null });
});

test('2025-11-25: an error result settles the task as failed, even if its end was not observed', () => {
  const fetched: Step = { type: 'result-fetched', result: { content: [], isError: true } };
  const { record } = live({ status: 'input_required' }, [passed, fetched], true);
  expect(record).toMatchObject({ phase: 'settled', status: 'failed', outcome: { status: 'failed' } });
});

test('2025-11-25: the end in a poll response settles the task, even if a question arrived during the poll', () => {
  const { record } = live(
    {},
    [
      passed,
      { type: 'question-arrived', key: 'question-1', request: REQUEST },
      { type: 'task-observed', polled: true, snapshot: { taskId: 't1', status: 'completed' } },
    ],
    true,
  );
  expect(record.status).toBe('completed');
});

test.each<readonly [string, JudgedFailure, boolean]>([
  ['for a missing sign-in', { kind: 'auth', message: '401', verdict: 'auth' }, true],
  [
    'because the server no longer supports tasks',
    { kind: 'rpc', code: -32601, message: 'No such method', verdict: 'no-tasks' },
    false,
  ],
])('a resume restarts polling that stopped %s: %s', (_, failure, again) => {
  const { effects } = live({}, [passed, { type: 'poll-failed', failure }, passed, passed, { type: 'resumed' }, passed]);
  expect(effects.map((each) => each.includes('poll'))).toEqual([true, false, false, false, again, false]);
});

test.each<readonly [string, JudgedFailure, number | undefined]>([
  ['requires a sign-in', { kind: 'auth', message: '401', verdict: 'auth' }, undefined],
  [
    'the server no longer supports tasks',
    { kind: 'rpc', code: -32601, message: 'No such method', verdict: 'no-tasks' },
    undefined,
  ],
  ['has a Retry-After', { kind: 'http', status: 503, message: '503', retryAfterMs: 90_000, verdict: 'retry' }, 101_000],
])('after a failed poll that %s, nextPollAt is kept only while polling continues', (_, failure, at) => {
  expect(live({}, [passed, { type: 'poll-failed', failure }]).record.nextPollAt).toBe(at);
});
