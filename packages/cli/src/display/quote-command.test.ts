import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteCommand } from './quote-command.ts';

const readBack = (words: readonly string[]): readonly string[] =>
  execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${quoteCommand(words)}`])
    .toString()
    .split('\0')
    .slice(0, -1);

test('a shell reads a quoted command back as the words that it was', () => {
  const said = ['npx', '-y', 'a=b', "it's", 'two words', '$HOME', '`id`', '', '~', '*', '\\', 'a;b', '#c'];
  expect(readBack(said)).toEqual(said);
  const words = fc.array(fc.string({ unit: 'grapheme-ascii' }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(words, (each) => {
      expect(readBack(each)).toEqual(each);
    }),
    { numRuns: 30 },
  );
});

test('what no shell would take for anything else stands without quotes', () => {
  expect(quoteCommand(['mcp-tasks', 'call', 'https://x.example:8080/mcp', '--arg', 'to=a@b.c'])).toBe(
    'mcp-tasks call https://x.example:8080/mcp --arg to=a@b.c',
  );
});
