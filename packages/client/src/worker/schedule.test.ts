import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { isScheduleOnly, withSchedule } from './schedule.ts';

const record = sampleRecord({ id: 'a1', taskId: 't1', nextPollAt: 5 });

test.each([
  ['a poll without changes', { ...record, observedAt: 9, updatedAt: 9, nextPollAt: 10, ledger: {} }, true],
  ['another status', { ...record, status: 'input_required' as const }, false],
  ['another message', { ...record, statusMessage: 'half' }, false],
  ['the end of a failure', { ...record, trouble: 'gone' }, false],
  ['an end of polling', { ...record, nextPollAt: undefined }, false],
  ['a question', { ...record, inputRequests: { go: { method: 'elicitation/create', params: {} } } }, false],
])('%s: is it a change of the schedule only? %#', (_, after, expected) => {
  expect(isScheduleOnly(record, after)).toBe(expected);
  expect(isScheduleOnly(after, record)).toBe(expected);
});

test('withSchedule() adds the schedule from memory to the stored record and keeps writes of others', () => {
  const stored = { ...record, cancelRequestedAt: 7, updatedAt: 7 };
  const here = { ...record, observedAt: 1_009, updatedAt: 1_009, nextPollAt: 12 };
  expect(withSchedule(stored, here)).toEqual({ ...here, cancelRequestedAt: 7 });
  const settled = { ...stored, phase: 'settled' as const };
  expect(withSchedule(settled, here)).toBe(settled);
});
