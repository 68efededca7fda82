import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import type { LogMessage } from '../../targets/listen-to-logs.ts';
import type { Polling } from '../live-session.ts';
import { connect, load, NOW, press, report, send, start, task } from '../state/play.ts';
import { viewFrame } from './frame.ts';
import { plain } from './theme.ts';

function detailOf(record: TaskRecord, polling?: Polling): string {
  const opened = press(connect(load(start({ columns: 100, rows: 30 }), record)), '<enter>');
  const { model } = polling === undefined ? opened : send(opened, { kind: 'polling-known', id: record.id, polling });
  return viewFrame(model)
    .lines.map((line) => plain(line, false).trimEnd())
    .join('\n');
}

const changedBefore = (agoMs: number) => ({ at: NOW - agoMs, status: 'working' as const, message: 'Step 1 of 3' });

test(verifies('P11', 'a task without a change shows how long ago its last change was'), () => {
  expect(detailOf(task('k7f3q2', { history: [changedBefore(59_000)] }))).not.toContain('no change');
  expect(detailOf(task('k7f3q2', { history: [changedBefore(90_000)] }))).toContain('2s ago, no change for 1m30s');
  expect(detailOf(task('k7f3q2', { history: [changedBefore(7_200_000)] }))).toMatch(/2s ago, no change for 2h/);
});

test(
  verifies(
    'T3',
    'the remaining ttl is marked as an estimate, and counted on this machine’s clock from the task’s creation',
  ),
  () => {
    const off = new Date(NOW + 600_000).toISOString();
    const ahead = task('k7f3q2', {
      createdAt: NOW - 300_000,
      begunAt: NOW - 60_000,
      ttlMs: 600_000,
      serverCreatedAt: off,
    });
    const page = detailOf(ahead);
    expect(page).toContain('about 9m00s left of 10m00s');
    expect(detailOf({ ...ahead, ttlMs: 60_000 })).toContain('passed 0s ago; the server may have forgotten it');
    expect(detailOf({ ...ahead, ttlMs: null })).toContain('no limit');
  },
);

test('a task that this process polls is shown as of its last poll, not as of its record', () => {
  const record = task('k7f3q2', { observedAt: NOW - 30_000, nextPollAt: NOW - 28_000, pollIntervalMs: 1_000 });
  const page = detailOf(record, { by: 'here', observedAt: NOW - 1_000, nextPollAt: NOW + 1_600 });
  expect(page).toMatch(/last update +1s ago,/);
  expect(page).toContain('every 1 s as the server asks, next in 2s');
});

test('the page of a task polled by another process shows the last recorded poll as “or later”', () => {
  const record = task('k7f3q2', { observedAt: NOW - 30_000, nextPollAt: NOW - 28_000, pollIntervalMs: 1_000 });
  const page = detailOf(record, { by: 'another' });
  expect(page).toMatch(/last update +30s ago or later,/);
  expect(page).toContain('every 1 s as the server asks, by another process');
});

test('the polling state of the visible task is read when its page opens, and once a second', () => {
  const opened = press(connect(load(start(), task('k7f3q2'))), '<enter>');
  expect(opened.commands).toContainEqual({ kind: 'ask-polling', id: 'k7f3q2' });
  const second = Math.floor(opened.model.now / 1_000) * 1_000 + 1_000;
  let now = opened;
  const asked = [second, second + 250, second + 999, second + 1_000].map((at) => {
    now = send(now, { kind: 'time-passed', at });
    return now.commands.length;
  });
  expect(asked).toEqual([1, 0, 0, 1]);
});

test('the page of a task shows its server’s last log messages, except earlier ones and those of other tasks', () => {
  const log = (text: string, over: Partial<LogMessage> = {}) =>
    ({ kind: 'log', message: { fingerprint: 'demo', label: 'demo', level: 'info', text, ...over } }) as const;
  const record = task('k7f3q2', { createdAt: NOW - 60_000 });
  let played = connect(load(start({ columns: 100, rows: 50 }), record));
  played = report(played, log('too early'), NOW - 90_000);
  for (let at = 0; at < 60; at += 1) played = report(played, log(`line ${at}`), NOW);
  played = report(played, log('of another', { taskId: 'task-other' }));
  played = report(played, log('of this one', { taskId: 'task-k7f3q2', level: 'error' }));
  played = report(played, log('of another server', { fingerprint: 'files' }));
  const rows = viewFrame(press(played, '<enter>').model).lines.map((line) => plain(line).trimEnd());
  const shown = rows.slice(rows.indexOf('Log of demo') + 1, rows.indexOf('Log of demo') + 11);
  expect(shown.map((row) => row.replace(/^\S+ +\w+ +/, ''))).toEqual([
    ...Array.from({ length: 9 }, (_each, at) => `line ${51 + at}`),
    'of this one',
  ]);
  expect(played.model.logs.get('demo')).toHaveLength(50);
});
