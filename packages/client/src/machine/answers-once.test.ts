import { expect, test } from 'vitest';
import { digestQuestion } from '../task/question.ts';
import type { TaskSnapshot } from '../task/task.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED } from '../testing/sample-traits.ts';
import { advance, createLifecycle, type Lifecycle, type LifecycleEvent } from './lifecycle.ts';
import type { UnstampedEvent as Step } from './lifecycle-state.ts';

const options = { traits: { ...LISTED, answers: 'once' }, minPollIntervalMs: 0 } as const;
const GO = { method: 'elicitation/create', params: { message: 'Go?' } };
const asks: TaskSnapshot = { taskId: 't1', status: 'input_required', inputRequests: { go: GO } };
const given = { state: 'answering', digest: digestQuestion(GO), response: { action: 'accept' }, since: 1_000 } as const;
const lost: Step = {
  type: 'answers-failed',
  keys: ['go'],
  failure: { kind: 'transport', message: 'reset', verdict: 'retry' },
};
const polled = (snapshot: TaskSnapshot): Step => ({ type: 'task-observed', snapshot, polled: true });

function lifeWith(sentAt?: number): Lifecycle {
  const ledger = { go: { ...given, ...(sentAt === undefined ? {} : { sentAt }) } };
  const { method, params } = GO;
  const inputRequests = { go: { method, params } };
  const record = sampleRecord({ id: 'a1', taskId: 't1', status: 'input_required', inputRequests, ledger });
  return createLifecycle({ ...record, observedAt: 1_000 }, options);
}

function play(first: Lifecycle, ...steps: readonly (readonly [number, Step])[]) {
  let state = first;
  const effects = steps.map(([now, step]) => {
    const [next, wanted] = advance(state, { ...step, now, chance: 0 } as LifecycleEvent);
    state = next;
    return wanted.map((effect) => effect.type).filter((type) => type !== 'wake');
  });
  return { state, effects, go: state.record.ledger.go };
}

test('a send-once answer is recorded as sent before it is sent', () => {
  const { effects, go } = play(lifeWith(), [1_500, { type: 'time-passed' }]);
  expect(effects).toEqual([['send-answers', 'poll']]);
  expect(go).toEqual({ ...given, sentAt: 1_500 });
});

test('after a restart an answer already sent is not sent again; a poll checks whether it arrived', () => {
  const { effects } = play(lifeWith(1_100), [1_500, { type: 'time-passed' }], [1_600, polled(asks)]);
  expect(effects).toEqual([['poll'], []]);
});

test('an answer that the server shows is acknowledged, although its question is still listed', () => {
  const steps = [
    [1_500, { type: 'time-passed' }],
    [1_600, polled({ ...asks, answered: ['go'] })],
  ] as const;
  expect(play(lifeWith(1_100), ...steps).go).toMatchObject({ state: 'acknowledged' });
});

test('a question still open long after its answer was sent has to be answered again', () => {
  const steps = [
    [9_000, { type: 'time-passed' }],
    [9_100, polled(asks)],
  ] as const;
  const { go, state } = play(lifeWith(1_100), ...steps);
  expect(go).toMatchObject({ state: 'open' });
  expect(state.record.trouble).toContain('answer again');
});

test('a poll sent before the reply was lost does not decide whether the answer arrived', () => {
  const { state, go } = play(
    lifeWith(),
    [1_500, { type: 'time-passed' }], // the answer and a poll
    [9_000, lost],
    [9_100, polled(asks)],
  );
  expect(go?.state).toBe('answering');
  const later = play(state, [12_000, { type: 'time-passed' }], [12_100, polled({ taskId: 't1', status: 'working' })]);
  expect(later.go).toMatchObject({ state: 'acknowledged' });
});

test('an answer with a lost reply is acknowledged when the task ends', () => {
  const { go, state } = play(
    lifeWith(),
    [1_500, { type: 'time-passed' }],
    [1_600, lost],
    [1_700, polled({ taskId: 't1', status: 'completed', result: { content: [] }, inputRequests: {} })],
  );
  expect([state.record.phase, go?.state]).toEqual(['settled', 'acknowledged']);
});
