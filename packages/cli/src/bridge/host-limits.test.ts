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
  ['unknown-host', true, 50_000],
  ['unknown-host', false, 25_000],
])('a call of %s (progress token: %s) is held for %d ms', (name, hasToken, holdMs) => {
  expect(holdOf(name, hasToken)).toBe(holdMs);
});

test('a result for Gemini is cut to the size that Gemini shows; a result for an unknown host is not cut', () => {
  expect([charactersOf('gemini-cli'), charactersOf('unknown-host')]).toEqual([40_000, Number.POSITIVE_INFINITY]);
});

test('a host that gives up after 30 s has later calls held for 25 s; the minimum is 5 s', () => {
  expect([learnHold(30_000), learnHold(3_000)]).toEqual([25_000, 5_000]);
});

test('a learned hold applies to its host alone, also after a restart, for one week', () => {
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

test('a hold learned more than a week in the future is ignored, because the clock was set back', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mcp-tasks-limits-')), 'learned-holds.json');
  createHostLimits({ file, now: () => 8 * 86_400_000 }).learn('slow', 40_000);
  expect(createHostLimits({ file, now: () => 0 }).holdOf('slow', true)).toBe(50_000);
  expect(learnedLimits(file, 0)).toEqual([]);
  expect(learnedLimits(file, 2 * 86_400_000)).toMatchObject([{ host: 'slow', holdMs: 35_000 }]);
});

test('a truncated file of learned holds counts as empty, and the next learned hold replaces it', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mcp-tasks-limits-')), 'learned-holds.json');
  writeFileSync(file, '{"version":1,"ho');
  const limits = createHostLimits({ file, now: () => 0 });
  expect(limits.holdOf('unknown-host', false)).toBe(25_000);
  limits.learn('unknown-host', 15_000);
  expect(createHostLimits({ file, now: () => 0 }).holdOf('unknown-host', false)).toBe(10_000);
});
