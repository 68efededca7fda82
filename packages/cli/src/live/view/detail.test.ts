import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { connect, know, NOW, press, start, task } from '../state/play.ts';
import { viewFrame } from './frame.ts';
import { plain } from './theme.ts';

/** The page of a task, as text. */
function detailOf(record: TaskRecord): string {
  const { model } = press(connect(know(start({ columns: 100, rows: 30 }), record)), '<enter>');
  return viewFrame(model)
    .lines.map((line) => plain(line, false).trimEnd())
    .join('\n');
}

const said = (agoMs: number) => ({ at: NOW - agoMs, status: 'working' as const, message: 'Step 1 of 3' });

test(verifies('P11', 'a task whose server says the same for long is shown with how long nothing has changed'), () => {
  expect(detailOf(task('k7f3q2', { history: [said(59_000)] }))).not.toContain('no change');
  expect(detailOf(task('k7f3q2', { history: [said(90_000)] }))).toContain('2s ago, no change for 1m30s');
  expect(detailOf(task('k7f3q2', { history: [said(7_200_000)] }))).toMatch(/2s ago, no change for 2h/);
});

test(verifies('T3', 'the countdown says that it is an estimate, and is counted by our clock from the task on'), () => {
  const off = new Date(NOW + 600_000).toISOString();
  const ahead = task('k7f3q2', {
    createdAt: NOW - 300_000,
    begunAt: NOW - 60_000,
    ttlMs: 600_000,
    serverCreatedAt: off,
  });
  const page = detailOf(ahead);
  expect(page).toContain('10m00s, about 9m00s left');
  expect(detailOf({ ...ahead, ttlMs: 60_000 })).toContain('passed; the server may still know it');
  expect(detailOf({ ...ahead, ttlMs: null })).toContain('no limit');
});
