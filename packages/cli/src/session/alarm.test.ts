import { expect, test } from 'vitest';
import { variableText } from './alarm.ts';

test('a name in the environment of --exec has no control characters, no leading dash, and at most 500 characters', () => {
  expect(variableText('a\u0000b\u001b]52;c;eA==\u0007', 'linux')).toBe('a\\x00b\\x1b]52;c;eA==\\x07');
  expect(variableText('--help', 'linux')).toBe('help');
  expect(variableText('x'.repeat(3_000_000), 'linux')).toHaveLength(500);
});

test('a name for cmd.exe, which expands variables before it parses, has only plain characters', () => {
  expect(variableText('deploy & calc | "x" %PATH% ^!', 'win32')).toBe('deploy _ calc _ _x_ _PATH_ __');
});
