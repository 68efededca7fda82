import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { NOW, settled, task } from '../live/state/play.ts';
import { formatDuration } from './duration.ts';
import { factsOf } from './task-facts.ts';

function fact(record: TaskRecord, name: string): string | undefined {
  return factsOf(record, { now: NOW, duration: formatDuration }).find((each) => each.name === name)?.text;
}

test('the last update of an open task shows how long it has not changed, from one minute on', () => {
  const quiet = (ms: number) => ({ history: [{ at: NOW - ms, status: 'working' }] }) as const;
  expect(fact(task('a1', quiet(59_999)), 'last update')).toBe('2 s ago');
  expect(fact(task('a1', quiet(60_000)), 'last update')).toBe('2 s ago, no change for 1 min');
  expect(fact(settled('a1', quiet(60_000)), 'last update')).not.toContain('no change');
});

test('the time to live shows the remaining time, or the time since it passed', () => {
  const lived = (ttlMs: number | null) => fact(task('a1', { ttlMs, begunAt: NOW - 120_000 }), 'time to live');
  expect(lived(600_000)).toBe('about 8 min left of 10 min');
  expect(lived(90_000)).toBe('passed 30 s ago; the server may have forgotten it');
  expect(lived(null)).toBe('no limit');
});

test('the cancellation shows whether the server has acknowledged it', () => {
  const asked = { cancelRequestedAt: NOW - 3_000 };
  expect(fact(task('a1', asked), 'cancellation')).toBe('requested 3 s ago, not acknowledged yet');
  expect(fact(task('a1', { ...asked, cancelAcknowledgedAt: NOW }), 'cancellation')).toContain('has not ended it yet');
  expect(fact(task('a1'), 'cancellation')).toBeUndefined();
});

test('a record without a task id shows whether one may still come', () => {
  expect(fact(task('a1', { taskId: null }), 'task id')).toBe('none yet');
  expect(fact(settled('a1', { taskId: null }), 'task id')).toBe('none: no task was made');
});
