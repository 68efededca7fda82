import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { asking, NOW, settled, task } from '../live/state/play.ts';
import { coarseAge, lastUpdateOf, summaryOf } from './task-summary.ts';

const word = (record: TaskRecord) => [summaryOf(record).kind, summaryOf(record).word];

test.each<[string, TaskRecord, string, string]>([
  ['a call without an answer', task('a1', { phase: 'intent', taskId: null }), 'working', 'called'],
  ['an open question', asking('a1', ['go']), 'asks', 'needs input'],
  ['a working task', task('a1'), 'working', 'working'],
  ['an unknown status', task('a1', { status: 'unknown' }), 'unknown', 'unknown'],
  ['an answered question', asking('a1', ['go'], { ledger: {} }), 'working', 'answered'],
  ['a wait for input without a question', task('a1', { status: 'input_required' }), 'working', 'needs input'],
  ['an ended task without a fetched result', task('a1', { status: 'failed' }), 'failed', 'failed, no result yet'],
  ['a completed task', settled('a1'), 'completed', 'completed'],
  [
    'an error of the tool',
    settled('a1', { outcome: { status: 'completed', result: { content: [], isError: true } } }),
    'failed',
    'tool error',
  ],
  ['an expired task', settled('a1', { outcome: { status: 'expired' } }), 'failed', 'expired'],
  ['a required sign-in', settled('a1', { outcome: { status: 'auth_required' } }), 'failed', 'sign-in needed'],
  ['an unknown outcome', settled('a1', { outcome: { status: 'unknown' } }), 'unknown', 'unknown'],
])('%s is shown by its kind and word', (_, record, kind, text) => {
  expect(word(record)).toEqual([kind, text]);
});

test('a requested cancellation is shown before the message, and the task stays open', () => {
  const cancelled = task('a1', { cancelRequestedAt: NOW });
  expect(summaryOf(cancelled)).toMatchObject({ word: 'working', message: 'cancellation requested · Step 1 of 3' });
});

test('the last update of an open task is its last poll, and of a settled one its end', () => {
  const times = { observedAt: NOW - 1_000, updatedAt: NOW - 5_000 };
  expect(lastUpdateOf(task('a1', times))).toBe(NOW - 1_000);
  expect(lastUpdateOf(settled('a1', times))).toBe(NOW - 5_000);
});

test.each([
  [-5_000, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [3_600_000, '1 h'],
  [86_399_000, '23 h'],
  [86_400_000, '1 d'],
])('%d ms is an age of %s', (ms, text) => {
  expect(coarseAge(ms)).toBe(text);
});
