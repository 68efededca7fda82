import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { textWidth } from './text-width.ts';

const isSameWidth = (text: string) => textWidth(() => stringWidth)(text) === stringWidth(text);
const points = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => String.fromCodePoint(from + at));

test('every sign, alone and between others, has the width that string-width gives it', () => {
  const ranges = [
    [0, 0x3400],
    [0x9ff0, 0xac10],
    [0xd790, 0xd800],
    [0xf900, 0x12000],
    [0x16000, 0x17000],
    [0x1f000, 0x1fc00],
  ] as const;
  const signs = ranges.flatMap(([from, to]) => points(from, to));
  expect(signs.filter((sign) => !isSameWidth(sign) || !isSameWidth(`a${sign}${sign}日`))).toEqual([]);
});

test('any text has the width that string-width gives it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isSameWidth));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), isSameWidth));
  const pieces = fc.constantFrom(
    '\u001b[31m',
    '\u001b[0m',
    '\u001b[',
    'm',
    'a',
    '◐',
    '日本',
    '🇩🇪',
    '\ufe0f',
    '1',
    '\u20e3',
  );
  fc.assert(fc.property(fc.array(pieces), (parts) => isSameWidth(parts.join(''))));
});

test('the words and signs of the view are measured without string-width', () => {
  const measure = textWidth(() => {
    throw new Error('string-width was loaded');
  });
  expect(measure('\u001b[36m◐ checkout\u001b[39m · 日本語 — ✓ ✗ ● ○ │ ─ … é ❯')).toBe(39);
});
