import { expect, test } from 'vitest';
import { charactersOf, holdOf, learnHold } from './host-limits.ts';

test.each([
  ['claude-code', true, 110_000],
  ['codex-mcp-client', false, 285_000],
  ['gemini-cli-mcp-client', true, 570_000],
  ['opencode', true, 50_000],
  ['somebody', true, 50_000],
  ['somebody', false, 25_000],
])('a call of %s (progress token: %s) is held for %d ms', (name, hasToken, holdMs) => {
  expect(holdOf(name, hasToken)).toBe(holdMs);
});

test('a result for Gemini is cut to what it shows, for an unknown host it is not', () => {
  expect([charactersOf('gemini-cli'), charactersOf('somebody')]).toEqual([40_000, Number.POSITIVE_INFINITY]);
});

test('a host that gives up after 30 s is held 25 s from then on, and never less than 5', () => {
  expect([learnHold(30_000), learnHold(3_000)]).toEqual([25_000, 5_000]);
});
