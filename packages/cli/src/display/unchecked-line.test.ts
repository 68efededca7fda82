import { expect, test } from 'vitest';
import { uncheckedLine } from './unchecked-line.ts';

const reasons = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ path: `a${at + 1}`, message: 'too deep' }));

test('up to three rules are named, and more are counted', () => {
  const line = (count: number) => uncheckedLine(reasons(count)).replace('Not checked here, the server decides: ', '');
  expect(line(1)).toBe('a1: too deep');
  expect(line(3)).toBe('a1: too deep; a2: too deep; a3: too deep');
  expect(line(4)).toBe('a1: too deep; a2: too deep; a3: too deep … and 1 more');
});

test('the text of a schema is made safe for a terminal', () => {
  expect(uncheckedLine([{ path: '', message: 'no \u001b[2J' }])).not.toContain('\u001b');
});
