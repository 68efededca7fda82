import { expect, test } from 'vitest';
import type { TaskRecord } from '../task/record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { isMilestone } from './milestone.ts';

const answering = { state: 'answering', digest: 'd', response: { action: 'accept' }, since: 1 } as const;
const open = { state: 'open', digest: 'd' } as const;
const record = sampleRecord({ id: 'a1', taskId: 't1', ledger: { go: open } });

test.each<[string, Partial<TaskRecord>]>([
  ['an end', { phase: 'settled' }],
  ['a task id', { taskId: 't2' }],
  ['a request to cancel', { cancelRequestedAt: 1 }],
  ['an answer', { ledger: { go: answering } }],
])('%s must survive a power loss', (_, over) => {
  expect(isMilestone(record, { ...record, ...over })).toBe(true);
});

test.each<[string, Partial<TaskRecord>]>([
  ['a message', { statusMessage: 'Building', updatedAt: 2_000 }],
  ['an acknowledged answer', { ledger: { go: { state: 'acknowledged', digest: 'd', at: 2 } } }],
  ['the acknowledgement of a cancel', { cancelAcknowledgedAt: 2 }],
])('%s need not survive a power loss', (_, over) => {
  expect(isMilestone(record, { ...record, ...over })).toBe(false);
});

test('an answer that was already pending is not a new milestone', () => {
  const before = { ...record, ledger: { go: answering } };
  expect(isMilestone(before, { ...before, updatedAt: 2_000 })).toBe(false);
  expect(isMilestone(before, { ...before, ledger: { go: answering, pay: answering } })).toBe(true);
});
