import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskSnapshot } from '../task/task.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED, REQUESTED } from '../testing/sample-traits.ts';
import { advance, createLifecycle, type Lifecycle } from './lifecycle.ts';
import { isSteady, isUnchanged, noteAnswer, noteOut, timesOf, withTimes } from './quiet-poll.ts';

const START = 1_700_000_000_000;
const times = { createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' };
const quiet: TaskSnapshot = { taskId: 't1', status: 'working', statusMessage: 'Under way', ...times } as TaskSnapshot;

const snapshot = fc.record(
  {
    taskId: fc.constantFrom('t1', 't1', 't1', 't2'),
    status: fc.constantFrom('working', 'working', 'working', 'input_required', 'completed', 'unknown'),
    statusMessage: fc.constantFrom('Under way', 'Under way', 'Step 2'),
    createdAt: fc.constant(times.createdAt),
    lastUpdatedAt: fc.constantFrom(times.lastUpdatedAt, times.lastUpdatedAt, '2026-01-02T00:00:00Z'),
    pollIntervalMs: fc.constantFrom(500, 5_000),
    ttlMs: fc.constantFrom(null, 60_000),
    inputRequests: fc.constantFrom({}, { a: { method: 'elicitation/create', params: {} } }),
    context: fc.constantFrom('c1', 'c2'),
    carried: fc.constantFrom({ n: 1 }, { n: 2 }),
    answered: fc.constant(['a']),
    error: fc.constant({ code: 1, message: 'odd' }),
  },
  { requiredKeys: ['taskId', 'status', 'statusMessage'] },
) as fc.Arbitrary<TaskSnapshot>;
const round = fc.record({
  reply: fc.oneof({ weight: 3, arbitrary: fc.constant(quiet) }, { weight: 2, arbitrary: snapshot }),
  waitMs: fc.integer({ min: 0, max: 70_000 }),
  tookMs: fc.integer({ min: 0, max: 5_000 }),
  chance: fc.double({ min: 0, max: 0.99, noNaN: true }),
});

/** Applies one poll in place, if allowed, and the same poll through the lifecycle. */
function bothWays(state: Lifecycle, reply: TaskSnapshot, outAt: number, moment: { now: number; chance: number }) {
  const [out] = advance(state, { type: 'time-passed', now: outAt, chance: 0 });
  const [long] = advance(out, { type: 'task-observed', snapshot: reply, polled: true, ...moment });
  const isShort = isSteady(state) && isSteady(out) && isUnchanged(state.record, reply, moment.now);
  if (!isShort) return { long };
  const kept = timesOf(state);
  noteOut(kept, outAt);
  const shortOut = withTimes(state, kept);
  noteAnswer(kept, state, moment);
  return { long, out, shortOut, short: withTimes(state, kept) };
}

test('a poll without changes, applied in place, gives the same lifecycle as the state machine', () => {
  let shorts = 0;
  fc.assert(
    fc.property(fc.constantFrom(LISTED, REQUESTED), fc.array(round, { maxLength: 12 }), (traits, rounds) => {
      const record = sampleRecord({
        id: 'aaaaaa',
        taskId: 't1',
        phase: 'open',
        status: 'working',
        observedAt: START,
        updatedAt: START,
      });
      let state = createLifecycle(record, { traits, minPollIntervalMs: 0 });
      let now = START;
      for (const { reply, waitMs, tookMs, chance } of rounds) {
        const dueAt = state.polling.kind === 'due' ? Math.max(now, state.polling.at) : now;
        const outAt = dueAt + waitMs;
        now = outAt + tookMs;
        const { long, out, short, shortOut } = bothWays(state, reply, outAt, { now, chance });
        if (short !== undefined) {
          shorts += 1;
          expect([shortOut, short]).toEqual([out, long]);
        }
        state = long;
      }
    }),
    { numRuns: 500 },
  );
  expect(shorts).toBeGreaterThan(100);
});
