import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { cpuNow } from '../../../../../test/support/cpu-time.ts';
import { resultLines } from './result.ts';
import { plain } from './theme.ts';

const result = (content: readonly { type: string; text: string }[]) =>
  resultLines({ status: 'completed', result: { content } } as never, 80).map((each) => plain(each, false));

test(verifies('S5', 'a result of many megabytes is drawn in part, and the rest is counted'), () => {
  const part = { type: 'text', text: 'word '.repeat(20_000) };
  const began = cpuNow();
  const lines = result(Array.from({ length: 300 }, () => part));
  expect(lines.at(-1)).toMatch(/^… and \d+ more parts: mcp-tasks result prints all$/);
  expect(cpuNow() - began).toBeLessThan(5_000);
});

test('a result of many lines is drawn, even if all are empty', () => {
  expect(result([{ type: 'text', text: '\n'.repeat(99_000) }]).length).toBeGreaterThan(90_000);
  expect(
    result([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]),
  ).toEqual(['a', 'b']);
});
