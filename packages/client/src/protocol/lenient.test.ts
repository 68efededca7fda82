import { expect, test } from 'vitest';
import { readError, readHintMs, readStatus, readTtlMs } from './lenient.ts';

test.each([0, -5, Number.POSITIVE_INFINITY, Number.NaN, '5', null, {}])('%j is not a poll hint', (value) => {
  expect(readHintMs(value)).toBeUndefined();
});

test('a poll hint is a finite number above zero', () => {
  expect([readHintMs(1), readHintMs(0.5)]).toEqual([1, 0.5]);
});

test('a time to live is zero, positive or unlimited (null), never negative', () => {
  expect([readTtlMs(0), readTtlMs(60_000), readTtlMs(null)]).toEqual([0, 60_000, null]);
  for (const value of [-1, Number.POSITIVE_INFINITY, '60']) expect(readTtlMs(value)).toBeUndefined();
});

test('a status that no revision defines is unknown', () => {
  expect(['working', 'input_required', 'completed', 'failed', 'cancelled'].map(readStatus)).not.toContain('unknown');
  expect(['Working', '', 7, null, undefined].map(readStatus)).toEqual(Array(5).fill('unknown'));
});

test('an error keeps its code and data, and gets a default message if it has none', () => {
  expect(readError({ code: -1, message: 'no', data: null })).toEqual({ code: -1, message: 'no', data: null });
  expect(readError({ code: '7' })).toEqual({ code: null, message: 'The server gave no message' });
  expect(readError('no')).toBeUndefined();
});
