import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeText } from './safe-text.ts';

test.each([
  ['plain text stays unchanged', 'Deploying 3 of 7 — naïve 日本語 👩‍👩‍👧', 'Deploying 3 of 7 — naïve 日本語 👩‍👩‍👧'],
  ['colour sequences are removed', '\u001b[1;31mred\u001b[0m and \u009b32mgreen\u009b0m', 'red and green'],
  ['cursor movement is escaped', 'a\u001b[2J\u001b[Hb', 'a\\x1b[2J\\x1b[Hb'],
  [
    'a hyperlink shows its address',
    '\u001b]8;;http://evil\u0007here\u001b]8;;\u0007',
    '\\x1b]8;;http://evil\\x07here\\x1b]8;;\\x07',
  ],
  ['a title change is escaped', '\u001b]0;owned\u001b\\', '\\x1b]0;owned\\x1b\\'],
  ['8-bit controls are escaped', 'a\u009d0;t\u009cb\u0090', 'a\\x9d0;t\\x9cb\\x90'],
  ['a bell, a backspace and a null are escaped', 'a\u0007\b\u0000', 'a\\x07\\x08\\x00'],
  [
    'the direction of text cannot be reversed',
    'pay \u202egnp.exe\u202c \u2066x\u2069',
    'pay \\u202egnp.exe\\u202c \\u2066x\\u2069',
  ],
  ['invisible characters are removed', 'pay\u200bpal\ufeff \u{e0041}\u{e0042}ok\u200f', 'paypal ok'],
  ['line breaks of every kind become spaces', 'a\r\nb\u2028c\rd\n\n', 'a b c d'],
  ['piled combining marks are cut to four', `e${'\u0301'.repeat(500)}!`, `e${'\u0301'.repeat(4)}!`],
  ['half a surrogate pair is replaced', 'a\ud800b', 'a\ufffdb'],
])('%s', (_title, text, expected) => {
  expect(safeText(text)).toBe(expected);
});

test('line breaks are kept with multiline', () => {
  expect(safeText('a\r\nb\n\tc', { multiline: true })).toBe('a\nb\n  c');
});

test('a megabyte of text is cut to maxLength', () => {
  expect(safeText('x'.repeat(1_000_000), { maxLength: 5 })).toBe('xxxx…');
  expect(safeText('👍'.repeat(10), { maxLength: 3 })).toBe('👍👍…');
  expect(safeText('exact', { maxLength: 5 })).toBe('exact');
  expect(safeText('more', { maxLength: 1 })).toBe('…');
  expect(safeText('\u200b'.repeat(100), { maxLength: 5 })).toBe('…');
});

test('no control or directional character of a server’s text remains', () => {
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\u001b', '\u009b', '\u202e', '[', 'm', '3', '\n', '\r'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(nasty, (text) => {
      expect(safeText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
      expect(safeText(text, { multiline: true })).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      );
    }),
  );
});
