import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';

const RAW =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e0fff}]/u;

test('controls, bidi and tag characters are escaped, in keys and in values', () => {
  expect(jsonText({ 'a\u009b': 'b\u001b\u202ec\u{e0041}' })).toBe(String.raw`{"a\u009b":"b\u001b\u202ec\udb40\udc41"}`);
});

test('every value is parsed back unchanged, and no character of the JSON acts on a terminal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const written = jsonText({ value, text }, 2);
      expect(written).not.toMatch(RAW);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
