import { expect, test } from 'vitest';
import type { LogMessage } from './listen-to-logs.ts';
import { createLogLimit } from './log-limit.ts';

const message = (text: string, over: Partial<LogMessage> = {}): LogMessage => ({
  fingerprint: 'shop',
  label: 'shop',
  level: 'info',
  text,
  ...over,
});

function fixture() {
  const shown: string[] = [];
  let ends: (() => void)[] = [];
  const clock = {
    now: () => 0,
    random: () => 0,
    schedule(_ms: number, end: () => void) {
      ends.push(end);
      return () => {
        ends = ends.filter((each) => each !== end);
      };
    },
  };
  const limit = createLogLimit(clock, ({ label, text }) => shown.push(`${label} ${text}`));
  const passSecond = () => {
    for (const end of ends.splice(0)) end();
  };
  return { shown, limit, passSecond, planned: () => ends.length };
}

test('at most twenty log messages of a server are shown per second; the others are counted', () => {
  const { shown, limit, passSecond } = fixture();
  for (let at = 0; at < 1_000; at += 1) limit.add(message(String(at)));
  limit.add(message('quiet', { fingerprint: 'files', label: 'files' }));
  expect(shown).toHaveLength(21);
  passSecond();
  expect(shown.slice(20)).toEqual(['files quiet', 'shop … 980 more log messages']);
  limit.add(message('after'));
  expect(shown.at(-1)).toBe('shop after');
});

test('debug messages are not shown, and a stopped limit leaves no timer', () => {
  const { shown, limit, planned } = fixture();
  limit.add(message('x', { level: 'debug' }));
  limit.add(message('y'));
  expect(shown).toEqual(['shop y']);
  limit.stop();
  expect(planned()).toBe(0);
});
