import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { parseRetryAfter } from './classify.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');

test.each([
  ['7', 7_000],
  ['0.5', 500],
  ['Sat, 28 Nov 2026 12:00:07 GMT', 7_000],
  ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['9'.repeat(400), undefined],
  [null, undefined],
])(`${verifies('P4', 'Retry-After')} "%s" is read`, (value, afterMs) => {
  expect(parseRetryAfter(value, NOW)).toBe(afterMs);
});
