import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandToPaste, isSafeToComplete, quoteCommand } from './quote-command.ts';

const SHELLS = [
  { name: 'sh', path: '/bin/sh', args: ['-c'] },
  { name: 'bash', path: '/bin/bash', args: ['-c'] },
  { name: 'zsh', path: '/usr/bin/zsh', args: ['-f', '-c'] },
  { name: 'zsh with RC_QUOTES', path: '/usr/bin/zsh', args: ['-f', '-o', 'rcquotes', '-c'] },
  { name: 'fish', path: '/usr/bin/fish', args: ['--no-config', '-c'] },
];

const ORDINARY = [
  'npx',
  '-y',
  'a=b',
  "it's",
  'two words',
  '$HOME',
  '`id`',
  '',
  '~',
  '*',
  '\\',
  'a;b',
  '#c',
  '=ls',
  '%self',
];
const HOSTILE = ["a\\'; exit 7; '", "\\'", "''", '"', '$(exit 7)', '{a,b}', '!!', 'a\\nb', '^x^y', '<(id)', '(id)'];

describe.each(SHELLS)('$name', ({ path, args }) => {
  const readBack = (words: readonly string[]): readonly string[] =>
    execFileSync(path, [...args, `printf '%s\\0' ${quoteCommand(words)}`])
      .toString()
      .split('\0')
      .slice(0, -1);

  test.skipIf(!existsSync(path))('reads a quoted command back as the same words', { timeout: 120_000 }, () => {
    expect(readBack([...ORDINARY, ...HOSTILE])).toEqual([...ORDINARY, ...HOSTILE]);
    const words = fc.array(fc.string({ unit: 'grapheme-ascii' }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, (each) => {
        expect(readBack(each)).toEqual(each);
      }),
      { numRuns: 30 },
    );
  });
});

test('a plain word is not quoted', () => {
  expect(quoteCommand(['mcp-tasks', 'call', 'https://x.example:8080/mcp', '--arg', 'to=a@b.c'])).toBe(
    'mcp-tasks call https://x.example:8080/mcp --arg to=a@b.c',
  );
});

test('a command to paste has no control, directional or tag character', () => {
  const shown = commandToPaste(['tools', 'a\u001b]52;c;eA==\u0007\u202eb\n\u{e0041}']);
  expect(shown).toBe(`tools 'a'\\\\'x1b]52;c;eA=='\\\\'x07'\\\\'u202eb'`);
});

test('completion offers no word that a shell or a flag parser interprets', () => {
  const refused = [
    'x;touch$IFS;:',
    '$(id)',
    '`id`',
    'a b',
    '--exec=id',
    '~',
    '=ls',
    '%self',
    "it's",
    'a&b',
    'a\nb',
    '',
  ];
  expect(refused.filter(isSafeToComplete)).toEqual([]);
  const offered = ['approval', 'k7f3q2', 'https://x.example:8080/mcp', '.mcp.json:board', 'a@b_c-d'];
  expect(offered.filter(isSafeToComplete)).toEqual(offered);
});
