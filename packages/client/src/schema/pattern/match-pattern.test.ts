import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuNow } from '../../../../../test/support/cpu-time.ts';
import { createPattern } from './match-pattern.ts';
import { UnsupportedPattern } from './syntax.ts';

test('a pattern that stalls a backtracking engine is matched in milliseconds', () => {
  const started = cpuNow();
  const text = 'a'.repeat(50_000);
  expect(createPattern('^([a-z]+)+$').test(`${text}!`)).toBe(false);
  expect(createPattern('^([a-z]+)+$').test(text)).toBe(true);
  expect(createPattern('^(a?){50}a{50}$').test('a'.repeat(50))).toBe(true);
  expect(cpuNow() - started).toBeLessThan(1_000);
});

test('steps are reported as they are taken, and an exception of the callback ends the matching', () => {
  let steps = 0;
  const spend = (more: number): void => {
    steps += more;
    if (steps > 10_000) throw new Error('enough');
  };
  expect(() => createPattern('(.*.*)*x').test('a'.repeat(1_000_000), spend)).toThrow('enough');
  expect(steps).toBeLessThan(11_000);
});

test.each([
  ['(?=a)b', 'it uses lookahead or lookbehind'],
  ['(?<!a)b', 'it uses lookahead or lookbehind'],
  ['(a)\\1', 'it uses a backreference'],
  ['(?<n>a)\\k<n>', 'it uses a backreference'],
  ['(?i:a)', 'it has an unknown group'],
  ['((a{1,1000}){1,1000}){1,1000}', 'its repetitions make it too large'],
  ['a{2,1}', 'it has a repetition with a maximum below its minimum'],
  ['*a', 'it has a quantifier with nothing to repeat'],
  ['(a', 'it has an unmatched ('],
  ['a)', 'it has an unmatched )'],
  ['[a', 'it ends too early'],
  ['[z-a]', 'it has a character range out of order'],
  ['\\p{Nothing}', 'it has an unknown property, Nothing'],
  ['('.repeat(5_000), 'its groups are nested too deep'],
  ['a'.repeat(10_001), 'it is too long'],
])('%s is refused with the reason', (pattern, reason) => {
  expect(() => createPattern(pattern)).toThrow(new UnsupportedPattern(reason));
});

test.each([
  ['^[\\w.+\\-]+\\@[a-z]+\\.com$', 'a.b+c@d.com'],
  ['^\\p{Lu}\\p{L}*$', 'Ünïcode'],
  ['^.$', '😀'],
  ['^\\ud83d\\ude00$', '😀'],
  ['^\\u{1f600}$', '😀'],
  ['^[\\b\\t\\x41\\cA]+$', '\b\tA\u0001'],
  ['^(?<year>\\d{4})-\\d{2}$', '2026-11'],
  ['^[^]$', '\n'],
  ['a-]}{', 'a-]}{'],
])('%s is found in %j', (pattern, text) => {
  expect(createPattern(pattern).test(text)).toBe(true);
});

const letter = fc.constantFrom(
  'a',
  'b',
  '_',
  ' ',
  '\\d',
  '\\w',
  '\\W',
  '\\s',
  '.',
  '[ab]',
  '[^a]',
  '[a-c_]',
  '1',
  '😀',
);
const edge = fc.constantFrom('^', '$', '\\b', '\\B');
const times = fc.constantFrom('*', '+', '?', '{0}', '{2}', '{1,2}', '{0,3}', '{1,}', '*?');

const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  pattern: fc
    .array(fc.array(tie('part'), { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((sides) => sides.map((parts) => parts.join('')).join('|')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    letter,
    edge,
    fc.tuple(letter, times).map(([what, often]) => what + often),
    fc.tuple(tie('pattern'), fc.oneof(fc.constant(''), times)).map(([inside, often]) => `(?:${inside})${often}`),
  ),
}));
const input = fc.array(fc.constantFrom('a', 'b', 'c', '_', ' ', '1', '\n', '😀', 'é'), { maxLength: 8 });

test('every pattern of the subset matches where the built-in engine matches', () => {
  fc.assert(
    fc.property(pattern, input, (source, characters) => {
      const text = characters.join('');
      // The built-in engine tries `\\B` between the two halves of a character too, against its specification.
      fc.pre(!(source.includes('\\B') && text.includes('😀')));
      expect(createPattern(source).test(text)).toBe(new RegExp(source, 'u').test(text));
    }),
    { numRuns: 3_000 },
  );
});
