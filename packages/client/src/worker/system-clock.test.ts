import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

const DAY = 24 * 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a thirty-day delay, longer than one timer allows, ends after thirty days', () => {
  let woken = 0;
  systemClock.schedule(30 * DAY, () => {
    woken += 1;
  });
  vi.advanceTimersByTime(30 * DAY - 1);
  expect(woken).toBe(0);
  vi.advanceTimersByTime(1);
  expect(woken).toBe(1);
});

test('cancelling a long delay during its second timer leaves no timer', () => {
  const cancel = systemClock.schedule(60 * DAY, () => undefined);
  vi.advanceTimersByTime(26 * DAY);
  cancel();
  expect(vi.getTimerCount()).toBe(0);
});
