import { expect, test } from 'vitest';
import { load, press, report, settled, start, task } from './play.ts';
import { keepSelection, selectedIndex, windowStart } from './selection.ts';

const NEWEST_FIRST = ['c00003', 'b00002', 'a00001'];
const played = load(start(), ...NEWEST_FIRST.map((id, at) => task(id, { createdAt: 3 - at })));

test('when the task of the last row is removed, the new last row is selected', () => {
  const last = press(played, 'G').model;
  expect(last.selected).toBe('a00001');
  const left = { ...last, order: ['c00003', 'b00002'] };
  expect(keepSelection(last, left).selected).toBe('b00002');
  expect(keepSelection(last, { ...last, order: [] }).selected).toBeNull();
});

test('when a task in the middle is removed, the next one is selected', () => {
  const middle = press(played, 'j').model;
  expect(keepSelection(middle, { ...middle, order: ['c00003', 'a00001'] }).selected).toBe('a00001');
});

test('the selection follows its task when the row moves', () => {
  const middle = press(played, 'j').model;
  const moved = keepSelection(middle, { ...middle, order: ['b00002', 'c00003', 'a00001'] });
  expect([moved.selected, selectedIndex(moved)]).toEqual(['b00002', 0]);
});

test('a selected task that settles stays selected', () => {
  const selected = press(played, 'j').model.selected;
  const changed = report(press(played, 'j'), {
    kind: 'records',
    records: [settled('b00002', { createdAt: 2 })],
    removed: [],
  });
  expect(changed.model.selected).toBe(selected);
});

test.each([
  [0, 0],
  [5, 0],
  [6, 1],
  [50, 45],
  [99, 90],
])('in ten rows of a hundred, with row %d selected, the first visible row is %d', (index, first) => {
  expect(windowStart(index, 100, 10)).toBe(first);
});

test('a list that fits is shown from its first row', () => {
  expect(windowStart(4, 5, 10)).toBe(0);
});
