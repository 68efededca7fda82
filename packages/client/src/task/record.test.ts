import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { expiryOf } from './record.ts';

test('a time to live counts from the start of the task, or from the call if the start is unknown', () => {
  expect(expiryOf(sampleRecord({ id: 'a', createdAt: 1_000, begunAt: 500_000, ttlMs: 60_000 }))).toBe(560_000);
  expect(expiryOf(sampleRecord({ id: 'a', createdAt: 1_000, ttlMs: 60_000 }))).toBe(61_000);
  expect(expiryOf(sampleRecord({ id: 'a', ttlMs: null }))).toBeUndefined();
});
