import { expect, test } from 'vitest';
import { planDelayMs } from './poll-pace.ts';

const pace = { minPollIntervalMs: 0, failures: 0, chance: 0 };

test.each([
  [undefined, 2_000],
  [1, 250],
  [5_000, 5_000],
  [3_600_000, 3_600_000],
  [1e12, 3_600_000],
])('a hint of %s ms means a poll after %i ms', (pollIntervalMs, delayMs) => {
  expect(planDelayMs({ ...pace, pollIntervalMs })).toBe(delayMs);
});

test.each([
  [1, 500],
  [2, 1_000],
  [4, 4_000],
  [8, 60_000],
  [60, 60_000],
])('after %i failures in a row the back-off is %i ms, at most a minute', (failures, delayMs) => {
  expect(planDelayMs({ ...pace, failures, pollIntervalMs: 1 })).toBe(delayMs);
});

test('jitter only adds; the longer of Retry-After and the minimum applies', () => {
  expect(planDelayMs({ ...pace, pollIntervalMs: 1_000, chance: 0.5 })).toBe(1_050);
  expect(planDelayMs({ ...pace, pollIntervalMs: 1_000, retryAfterMs: 90_000 })).toBe(90_000);
  expect(planDelayMs({ ...pace, pollIntervalMs: 1_000, minPollIntervalMs: 7_000 })).toBe(7_000);
});
