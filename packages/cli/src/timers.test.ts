import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { repeat, valueWithin } from './timers.ts';

test('work is repeated once per interval until it is stopped', async () => {
  const clock = createFakeClock();
  const at: number[] = [];
  const begun = clock.now();
  const stop = repeat(clock, 100, () => at.push(clock.now() - begun));
  await clock.advance(350);
  stop();
  await clock.advance(1_000);
  expect(at).toEqual([100, 200, 300]);
  expect(clock.pending).toBe(0);
});

test('valueWithin returns a value in time, undefined for a late one, and leaves no timer', async () => {
  const clock = createFakeClock();
  expect(await valueWithin(clock, 100, Promise.resolve('here'))).toBe('here');
  const late = valueWithin(clock, 100, new Promise<string>(() => undefined));
  await clock.advance(100);
  expect(await late).toBeUndefined();
  await expect(valueWithin(clock, 100, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(clock.pending).toBe(0);
});
