import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuNow } from '../../../../test/support/cpu-time.ts';
import { digestOf } from './digest.ts';

test('a digest equals those in existing records', () => {
  expect(digestOf({ b: [1, 'x', null], a: true })).toBe('d894af955c16ec90');
});

test('a digest ignores the order of keys and depends on every other character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(digestOf({ a, b })).toBe(digestOf({ b, a }));
      expect(digestOf(a) === digestOf(b)).toBe(a === b);
    }),
  );
});

test('a question of 10 MB is digested without blocking', () => {
  const began = cpuNow();
  digestOf({ message: 'a'.repeat(10_000_000) });
  expect(cpuNow() - began).toBeLessThan(20_000);
});
