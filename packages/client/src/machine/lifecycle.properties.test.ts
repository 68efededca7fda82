import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JudgedFailure } from '../task/failure.ts';
import type { InputRequest, TaskSnapshot } from '../task/task.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED, REQUESTED } from '../testing/sample-traits.ts';
import { advance, createLifecycle, type Effect, type Lifecycle, type LifecycleEvent } from './lifecycle.ts';
import { stopOf, type UnstampedEvent } from './lifecycle-state.ts';
import { planDelayMs } from './poll-pace.ts';
import { pendingAnswers } from './questions.ts';

const key = fc.constantFrom('a', 'b', '__proto__');
const request: fc.Arbitrary<InputRequest> = fc.record({
  method: fc.constant('elicitation/create'),
  params: fc.record({ message: fc.constantFrom('Go?', 'Stop?') }),
});
const requests = fc.dictionary(key, request, { maxKeys: 2 });
const hint = fc.constantFrom(undefined, 1, 250, 500, 5_000, 30_000, 1e12);
const snapshot = fc.record(
  {
    taskId: fc.constantFrom('t1', 't1', 't1', 't2'),
    status: fc.constantFrom('working', 'working', 'input_required', 'input_required', 'unknown', 'completed', 'failed'),
    pollIntervalMs: hint,
    ttlMs: fc.constantFrom(undefined, null, 0, 60_000),
    lastUpdatedAt: fc.constantFrom(undefined, 'never', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
    inputRequests: fc.option(requests, { nil: undefined }),
    result: fc.constantFrom(undefined, { content: [] }),
  },
  { requiredKeys: ['taskId', 'status'] },
) as fc.Arbitrary<TaskSnapshot>;
const failure: fc.Arbitrary<JudgedFailure> = fc.oneof(
  fc.constantFrom<JudgedFailure>(
    { kind: 'transport', message: 'ECONNRESET', verdict: 'retry' },
    { kind: 'timeout', message: '30 s', verdict: 'retry' },
    { kind: 'invalid', message: 'not JSON', verdict: 'retry' },
    { kind: 'http', status: 503, message: '503', verdict: 'retry' },
    { kind: 'http', status: 429, message: '429', retryAfterMs: 7_000, verdict: 'retry' },
    { kind: 'auth', message: '401', verdict: 'auth' },
  ),
  fc
    .constantFrom('retry', 'expired', 'refused', 'no-tasks', 'our-bug')
    .map((verdict): JudgedFailure => ({ kind: 'rpc', code: -1, message: 'no', verdict })),
);
const keys = fc.uniqueArray(key, { maxLength: 2 });
const event = fc.oneof(
  { weight: 6, arbitrary: fc.constant<UnstampedEvent>({ type: 'time-passed' }) },
  { weight: 1, arbitrary: fc.constant<UnstampedEvent>({ type: 'resumed' }) },
  { weight: 1, arbitrary: fc.constant<UnstampedEvent>({ type: 'reconnected' }) },
  { weight: 1, arbitrary: fc.constant<UnstampedEvent>({ type: 'refresh-requested' }) },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('task-observed' as const), snapshot, polled: fc.constant(false) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('question-arrived' as const), key, request }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('answers-acknowledged' as const), keys }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('answers-failed' as const), keys, failure }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('answers-unrequested' as const), keys }) },
  { weight: 1, arbitrary: fc.constant<UnstampedEvent>({ type: 'cancel-acknowledged' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel-failed' as const), failure }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('result-failed' as const), failure }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('call-lost' as const), failure }) },
) as fc.Arbitrary<UnstampedEvent>;

/** The response to the poll in flight, and the actions of a person meanwhile. */
const step = fc.record({
  afterMs: fc.constantFrom(0, 1, 100, 250, 1_000, 2_000, 31_000),
  event,
  reply: fc.option(fc.oneof({ weight: 4, arbitrary: snapshot }, { weight: 1, arbitrary: failure }), { nil: undefined }),
  answer: fc.option(key, { nil: undefined }),
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
function start(resultApart: boolean, minPollIntervalMs: number, handsOff = false): Lifecycle {
  return createLifecycle(sampleRecord({ id: 'a1', taskId: 't1' }), {
    traits: resultApart ? REQUESTED : LISTED,
    minPollIntervalMs,
    handsOff,
  });
}

/** Plays one lifecycle: random events, polls with or without a response, answers to open questions. */
function* play(
  first: Lifecycle,
  steps: readonly Step[],
): Generator<{ before: Lifecycle; after: Lifecycle; effects: readonly Effect[]; event: LifecycleEvent }> {
  let state = first;
  let now = 1_000_000;
  let polling = false;
  for (const { afterMs, event: unstamped, reply, answer, chance } of steps) {
    now += afterMs;
    const events: UnstampedEvent[] = [unstamped];
    if (polling && reply !== undefined) {
      polling = false;
      events.push(
        'kind' in reply
          ? { type: 'poll-failed', failure: reply }
          : { type: 'task-observed', snapshot: { ...reply, taskId: 't1' }, polled: true },
      );
    }
    if (answer !== undefined) {
      const { record } = state;
      const entry = Object.hasOwn(record.ledger, answer) ? record.ledger[answer] : undefined;
      if (record.phase === 'open' && entry?.state === 'open') {
        const answering = { state: 'answering', digest: entry.digest, response: { action: 'accept' }, since: now };
        const ledger = Object.fromEntries([...Object.entries(record.ledger), [answer, answering]]);
        state = { ...state, record: { ...record, ledger } as typeof record };
        events.push({ type: 'time-passed' });
      }
    }
    for (const each of events) {
      const stamped = { ...each, now, chance } as LifecycleEvent;
      const before = state;
      const [after, effects] = advance(before, stamped);
      state = after;
      if (effects.some((effect) => effect.type === 'poll')) polling = true;
      yield { before, after, effects, event: stamped };
    }
  }
}

const life = fc.array(step, { minLength: 1, maxLength: 40 });
const runs = { numRuns: 1_000 };
test('a settled record never changes', () => {
  fc.assert(
    fc.property(life, fc.boolean(), (steps, resultApart) => {
      for (const { before, after, effects } of play(start(resultApart, 0), steps)) {
        if (before.record.phase === 'settled') expect([after, effects]).toEqual([before, []]);
      }
    }),
    runs,
  );
});

test('a task with an id never returns to phase `intent`', () => {
  fc.assert(
    fc.property(life, fc.boolean(), (steps, resultApart) => {
      for (const { after } of play(start(resultApart, 0), steps)) expect(after.record.phase).not.toBe('intent');
    }),
    runs,
  );
});

test('a terminal status never changes, and settles with the result or error of the server', () => {
  fc.assert(
    fc.property(life, fc.boolean(), (steps, resultApart) => {
      for (const { before, after } of play(start(resultApart, 0), steps)) {
        if (before.record.status === 'completed' || before.record.status === 'failed') {
          expect(after.record.status).toBe(before.record.status);
        }
      }
    }),
    runs,
  );
});

test('polls respect floor, minimum and hint (unless an answer waits or a caller refreshes), one at a time', () => {
  fc.assert(
    fc.property(life, fc.constantFrom(0, 1_000), fc.boolean(), (steps, minPollIntervalMs, resultApart) => {
      let earliest = 0;
      let soonest = 0;
      let polling = false;
      for (const { before, after, effects, event: seen } of play(start(resultApart, minPollIntervalMs), steps)) {
        const answered = seen.type === 'poll-failed' || (seen.type === 'task-observed' && seen.polled);
        if (answered) polling = false;
        if (effects.some((effect) => effect.type === 'poll')) {
          expect(polling).toBe(false);
          const isBack = (each: string): boolean => 'keys' in seen && seen.keys.includes(each);
          const waits = (each: string): boolean => !before.answers.has(each) || isBack(each);
          const isWanted = seen.type === 'refresh-requested' && before.earlyAt < before.polledAt;
          const isLook = isWanted || Object.keys(pendingAnswers(before.record.ledger)).some(waits);
          expect(seen.now).toBeGreaterThanOrEqual(isLook ? Math.min(earliest, soonest) : earliest);
          soonest = seen.now + minPollIntervalMs;
          polling = true;
        }
        const isObserved = seen.type === 'task-observed' && after.record !== before.record && !polling;
        if (answered || isObserved) {
          const { pollIntervalMs } = after.record;
          earliest = seen.now + planDelayMs({ pollIntervalMs, minPollIntervalMs, failures: 0, chance: 0 });
        }
      }
    }),
    runs,
  );
});

test('an open task always has a next poll or a recorded reason why not', () => {
  fc.assert(
    fc.property(life, fc.boolean(), (steps, resultApart) => {
      let polling = false;
      for (const { after, effects, event: seen } of play(start(resultApart, 0), steps)) {
        if (seen.type === 'poll-failed' || (seen.type === 'task-observed' && seen.polled)) polling = false;
        if (effects.some((effect) => effect.type === 'poll')) polling = true;
        const { phase, status } = after.record;
        const isOver = status === 'completed' || status === 'failed';
        if (phase !== 'open' || polling || stopOf(after) !== null || isOver) continue;
        const wake = effects.find((effect) => effect.type === 'wake');
        expect(wake?.at).toBeGreaterThan(seen.now);
      }
    }),
    runs,
  );
});

test('an acknowledged answer is not sent again, and one in flight is not sent twice', () => {
  fc.assert(
    fc.property(life, (steps) => {
      const underWay = new Set<string>();
      for (const { before, effects, event: seen } of play(start(false, 0), steps)) {
        if ('keys' in seen) for (const each of seen.keys) underWay.delete(each);
        for (const effect of effects) {
          if (effect.type !== 'send-answers') continue;
          for (const each of Object.keys(effect.responses)) {
            expect(underWay.has(each)).toBe(false);
            expect(before.record.ledger[each]?.state).not.toBe('acknowledged');
            underWay.add(each);
          }
        }
      }
    }),
    runs,
  );
});

test('an observer polls and fetches results; it sends no answer, cancel or call', () => {
  fc.assert(
    fc.property(life, fc.boolean(), fc.boolean(), (steps, resultApart, wantsCancel) => {
      const first = start(resultApart, 0, true);
      const record = wantsCancel ? { ...first.record, cancelRequestedAt: 1 } : first.record;
      for (const { after, effects } of play({ ...first, record }, steps)) {
        for (const effect of effects) {
          expect(['poll', 'wake', 'open-result']).toContain(effect.type);
          if (effect.type === 'open-result') expect(['completed', 'failed']).toContain(after.record.status);
        }
      }
    }),
    runs,
  );
});

test('a record survives serialization at any point of its lifecycle', () => {
  fc.assert(
    fc.property(life, (steps) => {
      for (const { after } of play(start(false, 0), steps)) {
        const read = JSON.parse(JSON.stringify(after.record));
        expect(JSON.stringify(read)).toBe(JSON.stringify(after.record));
      }
    }),
    { numRuns: 200 },
  );
});
