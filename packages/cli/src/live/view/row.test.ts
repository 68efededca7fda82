import { expect, test } from 'vitest';
import { connect, load, NOW, settled, start, task } from '../state/play.ts';
import { viewFrame } from './frame.ts';
import { plain } from './theme.ts';

const rows = (columns: number, ...records: ReturnType<typeof task>[]) =>
  viewFrame(load(connect(start({ columns, rows: 24 })), ...records).model)
    .lines.map((line) => plain(line).trimEnd())
    .filter((row) => /^[❯ ] [◐?●✗○!]/.test(row));

test('rows of several calls of one tool show the arguments in which they differ', () => {
  const call = (id: string, version: string) => task(id, { tool: 'release', arguments: { service: 'shop', version } });
  const shown = rows(80, call('one001', '1.0.9'), call('two002', '1.0.10'));
  expect(shown[0]).toContain('release 1.0.9 ');
  expect(shown[1]).toContain('release 1.0.10 ');
  expect(rows(120, call('two002', '1.0.10'), call('one001', '1.0.9'))[1]).toContain('version=1.0.10');
  expect(rows(80, call('one001', '1.0.9'))[0]).not.toContain('version');
});

test.each([60, 80, 120, 200])('at %i columns the message has half of the row', (columns) => {
  const long = task('one001', {
    tool: 'a-tool-with-a-very-long-name-indeed',
    statusMessage: 'M'.repeat(300),
    ttlMs: null,
  });
  const [row = ''] = rows(columns, long);
  const width = columns < 140 ? columns : columns / 2; // the task's page is beside the list
  expect((/M+/.exec(row)?.[0] ?? '').length).toBeGreaterThanOrEqual(width / 2 - 2);
});

test.each([
  [
    'what the server reports',
    { progress: { progress: 12, total: 40 }, statusMessage: 'Copying' },
    /12\/40 Copying +██░░░░░░ /,
  ],
  ['“n of m” in its message', { statusMessage: 'Item 3 of 4' }, /Item 3 of 4 +██████░░ /],
  ['a count without an end', { progress: { progress: 7 }, statusMessage: 'Copying' }, /Copying +7 /],
])('a task shows its progress from %s', (_how, over, shown) => {
  expect(rows(80, task('one001', over))[0]).toMatch(shown);
});

test('a running task shows the time since its last change after a minute', () => {
  expect(rows(80, task('one001', { updatedAt: NOW - 185_000 }))[0]).toContain('no change for 4m');
  expect(rows(80, task('one001', { updatedAt: NOW - 59_000 }))[0]).not.toContain('no change');
  expect(rows(80, settled('one001', { updatedAt: NOW - 900_000 }))[0]).not.toContain('no change');
});

test('the ttl has a column only when less than ten minutes or a tenth of it is left', () => {
  const begunAt = NOW - 120_000;
  expect(rows(100, task('one001', { ttlMs: 3_600_000, begunAt }))[0]).not.toMatch(/58m/);
  expect(rows(100, task('one001', { ttlMs: 600_000, begunAt }))[0]).toMatch(/ 8m +2m00s$/);
  expect(rows(80, task('one001', { ttlMs: 600_000, begunAt }))[0]).toMatch(/░ +2m00s$/);
  expect(rows(80, task('one001', { ttlMs: 150_000, begunAt }))[0]).toContain('expires in 30s · Step 1 of 3');
});
