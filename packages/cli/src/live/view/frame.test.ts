import type { TaskRecord } from '@mcp-tasks/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect, load, NOW, press, send, settled, start, task } from '../state/play.ts';
import { viewFarewell } from './farewell.ts';
import { sameFrame, viewFrame } from './frame.ts';
import { lineWidth } from './line.ts';
import { scenes } from './scenes.ts';
import { plain } from './theme.ts';

process.env.TZ = 'UTC';

const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 30 },
  { columns: 200, rows: 40 },
];

/** Frame as text with a border, which shows its size. */
function drawn(scene: string, size: { readonly columns: number; readonly rows: number }, ascii = false): string {
  const { lines } = viewFrame(scenes[scene]!(size).model);
  const rows = lines.map((line) => plain(line, ascii).trimEnd());
  return [`${scene}, ${size.columns} by ${size.rows}`, '', ...rows, ''].join('\n');
}

for (const scene of Object.keys(scenes)) {
  test(`the ${scene} page at 40, 80, 120 and 200 columns`, async () => {
    const frames = SIZES.map((size) => drawn(scene, size)).join(`${'='.repeat(80)}\n`);
    await expect(frames).toMatchFileSnapshot(`./frames/${scene}.txt`);
  });
}

test('the list shows ids from 60 columns on; below that, only the page of a task shows its id', () => {
  const shown = (scene: string, columns: number) => drawn(scene, { columns, rows: 24 });
  for (const columns of [60, 80, 120]) expect(shown('list', columns)).toMatch(/^❯ \? k7f3q2 {2}release/m);
  expect(shown('list', 40)).toMatch(/^❯ \? release/m);
  expect(shown('detail', 40)).toMatch(/ k7f3q2$/m);
});

test('an ASCII terminal gets ASCII signs, and every column stays in place', async () => {
  const size = { columns: 80, rows: 16 };
  const frames = ['list', 'form', 'review'].map((scene) => drawn(scene, size, true)).join('\n');
  expect(frames).toMatch(/^[\x20-\x7e\n]*$/);
  await expect(frames).toMatchFileSnapshot('./frames/ascii.txt');
});

test('in ASCII every page keeps its columns', () => {
  for (const scene of Object.keys(scenes)) {
    for (const size of SIZES) {
      for (const each of viewFrame(scenes[scene]!(size).model).lines) {
        const shown = plain(each, true);
        expect(shown).toMatch(/^[\x20-\x7e]*$/);
        expect(shown.length).toBe(lineWidth(each));
      }
    }
  }
});

test('no frame exceeds its terminal, and no cursor lies outside', () => {
  const size = fc.record({ columns: fc.integer({ min: 8, max: 200 }), rows: fc.integer({ min: 2, max: 60 }) });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(scenes)), size, (scene, terminal) => {
      const { lines, cursor } = viewFrame(scenes[scene]!(terminal).model);
      expect(lines.length).toBe(terminal.rows);
      for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(terminal.columns);
      if (cursor === undefined) return;
      expect(cursor.row).toBeLessThan(terminal.rows);
      expect(cursor.column).toBeLessThan(terminal.columns);
    }),
    { numRuns: 400 },
  );
});

test('the footer cuts off no key at 40, 60, 80 and 120 columns', () => {
  const footers = [40, 60, 80, 120].flatMap((columns) =>
    Object.entries(scenes).map(([scene, play]) => {
      const { lines } = viewFrame(play({ columns, rows: 24 }).model);
      return `${scene} ${columns}: ${plain(lines.at(-1) ?? [])}`;
    }),
  );
  expect(footers.filter((footer) => footer.endsWith('…'))).toEqual([]);
});

test('on exit, no mark is printed, and only the first three results have a command', () => {
  const done = ['one', 'two', 'three', 'four', 'five'].map((id) => settled(id));
  const left = viewFarewell(press(load(connect(start()), ...done), ' ').model).map((each) => plain(each));
  expect(left.filter((row) => row.includes('*'))).toEqual([]);
  expect(left.filter((row) => row.includes('mcp-tasks result'))).toHaveLength(3);
  expect(left.at(-1)).toBe('  … and 2 more results: mcp-tasks list --all');
  const four = viewFarewell(load(connect(start()), ...done.slice(0, 4)).model).map((each) => plain(each));
  expect(four.at(-1)).toBe('  … and 1 more result: mcp-tasks list --all');
});

test('on exit, the tasks stay on the screen with their ids and the next commands', async () => {
  const frames = SIZES.map(({ columns, rows }) => {
    const lines = viewFarewell(scenes.list!({ columns, rows }).model);
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
    return lines.map((line) => plain(line).trimEnd()).join('\n');
  });
  await expect(`${frames.join('\n\n')}\n`).toMatchFileSnapshot('./frames/farewell.txt');
});

test('exit from an empty view prints nothing', () => {
  expect(viewFarewell(scenes.empty!({ columns: 80, rows: 24 }).model)).toEqual([]);
});

test('frames of a quiet screen are equal, and differ once a time or text has changed', () => {
  const quiet = load(start(), settled('one'));
  const later = send(quiet, { kind: 'time-passed', at: NOW + 60_000 });
  const frame = (played: typeof quiet) => viewFrame(played.model);
  expect(sameFrame(frame(quiet), frame(later))).toBe(true);
  expect(sameFrame(frame(quiet), frame(load(quiet, settled('one', { tool: 'report' }))))).toBe(false);
  expect(sameFrame(frame(quiet), frame(send(quiet, { kind: 'resized', columns: 80, rows: 10 })))).toBe(false);

  const busy = load(start(), task('one'), task('two', { createdAt: NOW - 60_400, nextPollAt: NOW + 3_700 }));
  const ticks = [250, 500, 750, 1_000].map((ms) => frame(send(busy, { kind: 'time-passed', at: NOW + ms })));
  expect(ticks.map((tick) => sameFrame(tick, frame(busy)))).toEqual([true, true, true, false]);
});

test('an HTTP server that no longer answers is shown as unreachable until a poll succeeds', () => {
  const server = { ...task('one').server, fingerprint: 'demo' };
  const polled = task('one', { server, observedAt: NOW, updatedAt: NOW });
  const unanswered = { ...polled, trouble: 'fetch failed', contact: { kind: 'silent', since: NOW + 2_000 } as const };
  const header = (...records: readonly TaskRecord[]) =>
    plain(viewFrame(load(connect(start()), ...records).model).lines[0] ?? []).trimEnd();
  expect(header(polled)).toMatch(/demo connected$/);
  expect(header(unanswered)).toMatch(/demo no answer, retrying$/);
  expect(header({ ...polled, trouble: 'past its time' })).toMatch(/demo connected$/);
  expect(
    header({ ...unanswered, phase: 'settled', outcome: { status: 'completed', result: { content: [] } } }),
  ).toMatch(/demo connected$/);
});
