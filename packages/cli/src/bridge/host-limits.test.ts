import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { charactersOf, createHostLimits, holdOf, learnedLimits, learnHold } from './host-limits.ts';

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

test('a learned hold counts for its host at the next start, for a week, and for no other host', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mcp-tasks-limits-')), 'bridge', 'learned-holds.json');
  let time = 1_000;
  const start = () => createHostLimits({ file, now: () => time });
  const running = start();
  start().learn('slow', 40_000);
  running.learn('quick', 20_000);
  expect([start().holdOf('slow', true), start().holdOf('quick', true)]).toEqual([35_000, 15_000]);
  expect(start().holdOf('another', true)).toBe(50_000);
  time += 8 * 86_400_000;
  expect(start().holdOf('slow', true)).toBe(50_000);
});

test('a hold learned more than a week in the future does not count: the clock was set back', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mcp-tasks-limits-')), 'learned-holds.json');
  createHostLimits({ file, now: () => 8 * 86_400_000 }).learn('slow', 40_000);
  expect(createHostLimits({ file, now: () => 0 }).holdOf('slow', true)).toBe(50_000);
  expect(learnedLimits(file, 0)).toEqual([]);
  expect(learnedLimits(file, 2 * 86_400_000)).toMatchObject([{ host: 'slow', holdMs: 35_000 }]);
});

test('a file of learned holds that is cut off is learned anew', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mcp-tasks-limits-')), 'learned-holds.json');
  writeFileSync(file, '{"version":1,"ho');
  const limits = createHostLimits({ file, now: () => 0 });
  expect(limits.holdOf('somebody', false)).toBe(25_000);
  limits.learn('somebody', 15_000);
  expect(createHostLimits({ file, now: () => 0 }).holdOf('somebody', false)).toBe(10_000);
});
