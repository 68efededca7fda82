import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { TaskRecord } from './record.ts';
import { updatesBetween } from './updates.ts';

const request = { method: 'elicitation/create', params: { message: 'Go?' } };
const open = (digest: string) => ({ state: 'open', digest }) as const;
const record = sampleRecord({ id: 'a1', taskId: 't1' });
const asks = {
  ...record,
  status: 'input_required',
  inputRequests: { go: request },
  ledger: { go: open('d') },
} as const;

const kinds = (before: TaskRecord | undefined, after: TaskRecord) =>
  updatesBetween(before, after).map((each) => ('key' in each ? `${each.kind} ${each.key}` : each.kind));

test('the first version of a record is a change of status; an equal one is no change', () => {
  expect(kinds(undefined, record)).toEqual(['status']);
  expect(kinds(record, { ...record, updatedAt: 2_000 })).toEqual([]);
});

test.each<[string, Partial<TaskRecord>]>([
  ['its status', { status: 'completed' }],
  ['its message', { statusMessage: 'Building' }],
  ['its task id', { taskId: 't2' }],
  ['its time to live', { ttlMs: 60_000 }],
  ['the request to cancel', { cancelRequestedAt: 1 }],
  ['the acknowledgement of a cancel', { cancelAcknowledgedAt: 2 }],
])('%s is a change of status', (_, over) => {
  expect(kinds(record, { ...record, ...over })).toEqual(['status']);
});

test('an explicit unlimited time to live is no change', () => {
  expect(kinds(record, { ...record, ttlMs: null })).toEqual([]);
});

test('a changed value, total or message of progress is an update', () => {
  const at = (progress: TaskRecord['progress']) => ({ ...record, progress });
  const one = { progress: 1, total: 4, message: 'a' };
  expect(kinds(record, at(one))).toEqual(['progress']);
  expect(kinds(at(one), at({ ...one }))).toEqual([]);
  for (const over of [{ progress: 2 }, { total: 5 }, { message: 'b' }])
    expect(kinds(at(one), at({ ...one, ...over }))).toEqual(['progress']);
});

test('a question that replaces another under its key withdraws the first and opens anew', () => {
  expect(kinds(record, asks)).toEqual(['status', 'question go']);
  expect(kinds(asks, asks)).toEqual([]);
  expect(kinds(asks, { ...asks, inputRequests: {} })).toEqual(['question-withdrawn go']);
  expect(kinds(asks, { ...asks, ledger: { go: open('e') } })).toEqual(['question-withdrawn go', 'question go']);
});

test('each failure and each refused question is reported as one warning', () => {
  const silent = { ...record, trouble: 'no answer' };
  expect(kinds(record, silent)).toEqual(['warning']);
  expect(kinds(silent, { ...silent, updatedAt: 2_000 })).toEqual([]);
  const refused = (digest: string) =>
    ({ ...record, ledger: { go: { state: 'refused', digest, reason: 'other' } } }) as const;
  expect(kinds(record, refused('d'))).toEqual(['warning']);
  expect(kinds(refused('d'), refused('d'))).toEqual([]);
  expect(kinds(refused('d'), refused('e'))).toEqual(['warning']);
});

test('the end is reported once, as the last change', () => {
  const ended: TaskRecord = {
    ...record,
    phase: 'settled',
    status: 'completed',
    outcome: { status: 'completed', result: { content: [] } },
  };
  expect(kinds(record, ended)).toEqual(['status', 'settled']);
  expect(kinds(ended, { ...ended, outcome: { status: 'completed', result: { content: [] } } })).toEqual([]);
  expect(kinds(undefined, ended)).toEqual(['status', 'settled']);
});
