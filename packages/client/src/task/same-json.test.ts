import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameJson } from './same-json.ts';

test('a JSON value equals its copy and no different value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(isSameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
      const sorted = (value: unknown): string =>
        JSON.stringify(value, (_, item: unknown) =>
          typeof item === 'object' && item !== null && !Array.isArray(item)
            ? ['{}', ...Object.entries(item).sort(([x], [y]) => (x < y ? -1 : 1))]
            : item,
        );
      expect(isSameJson(a, b)).toBe(sorted(a) === sorted(b));
    }),
  );
});

test('isSameJson() ignores key order and undefined fields, but not keys such as __proto__', () => {
  expect(isSameJson({ a: 1, b: [2] }, { b: [2], a: 1, c: undefined })).toBe(true);
  expect(isSameJson(JSON.parse('{"__proto__":{"a":1}}'), {})).toBe(false);
  expect(isSameJson({ constructor: 1 }, {})).toBe(false);
  expect(isSameJson([], {})).toBe(false);
});
