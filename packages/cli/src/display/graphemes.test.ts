import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphemes } from './graphemes.ts';

const platform = new Intl.Segmenter();

const split = (segmenter: Pick<typeof graphemes, 'segment'>, text: string) => {
  const segments = segmenter.segment(text);
  const places = Array.from({ length: text.length + 1 }, (_, index) => segments.containing(index));
  return JSON.stringify([...segments, ...places].map((each) => [each?.segment, each?.index]));
};
const isSplitAlike = (text: string) => split(graphemes, text) === split(platform, text);
const points = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => String.fromCodePoint(from + at));

test('any text splits into graphemes as Intl.Segmenter splits it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isSplitAlike));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), isSplitAlike));
});

test('every sign, between signs of the view, splits as Intl.Segmenter splits it', () => {
  expect(points(0, 0x2800).filter((sign) => !isSplitAlike(`◐${sign}${sign}◐`))).toEqual([]);
});
