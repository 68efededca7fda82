import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuNow } from '../../../../../test/support/cpu-time.ts';
import { createFindGroup } from './find-group.ts';

test.each<[pattern: string, text: string, found: string | undefined]>([
  ['Task ID: (\\S+)\\.', 'Started. Task ID: 12.3. Please wait.', '12.3'],
  ['Task ID: (\\S+?)\\.', 'Started. Task ID: 12.3. Please wait.', '12'],
  ['id=(\\d+)', 'none', undefined],
  ['\\d+', 'build 42 of 50', '42'],
  ['(?:job|build) (\\d+)', 'build 7', '7'],
  ['(a|ab)(c|bcd)', 'abcd', 'a'],
  ['^Success', 'Success. Video URL: x', 'Success'],
  ['(x)?y', 'y', undefined],
  ['(.*)', 'a\nb', 'a'],
])('%s finds in "%s": %s', (pattern, text, found) => {
  expect(createFindGroup(pattern)(text)).toBe(found);
});

test('the first group captures the same text as in a backtracking engine', () => {
  const atoms = fc.constantFrom('a', 'b', '.', '[ab]', '\\w', 'a*', 'b+', 'a?', 'a*?', 'b+?', '(?:ab)*', '(?:a|ab)');
  const parts = fc.array(atoms, { maxLength: 4 }).map((all) => all.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ' '), { maxLength: 10 }).map((all) => all.join(''));
  fc.assert(
    fc.property(parts, parts, parts, text, (head, group, tail, given) => {
      const pattern = `${head}(${group})${tail}`;
      expect(createFindGroup(pattern)(given)).toBe(new RegExp(pattern, 'u').exec(given)?.[1]);
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern that stalls other engines is matched in linear time', () => {
  const began = cpuNow();
  expect(createFindGroup('(a*)*b')('a'.repeat(20_000))).toBe(undefined);
  expect(cpuNow() - began).toBeLessThan(2_000);
});
