import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['90s', 90_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['2d', 172_800_000],
  ['5', 5000],
])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test('a text that is not a duration is refused with an example', () => {
  expect(() => parseDuration('soon')).toThrow('"soon" is not a duration');
});

test.each([
  [0, '0 s'],
  [45_000, '45 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [3_600_000, '1 h'],
  [3_723_000, '1 h 2 min'],
  [356_400_000, '4 d 3 h'],
])('%i ms reads as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
