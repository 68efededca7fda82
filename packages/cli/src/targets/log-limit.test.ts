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

function world() {
  const told: string[] = [];
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
  const limit = createLogLimit(clock, ({ label, text }) => told.push(`${label} ${text}`));
  const pass = () => {
    for (const end of ends.splice(0)) end();
  };
  return { told, limit, pass, planned: () => ends.length };
}

test('of a server that floods twenty log messages a second are told, and the others counted', () => {
  const { told, limit, pass } = world();
  for (let at = 0; at < 1_000; at += 1) limit.add(message(String(at)));
  limit.add(message('quiet', { fingerprint: 'files', label: 'files' }));
  expect(told).toHaveLength(21);
  pass();
  expect(told.slice(20)).toEqual(['files quiet', 'shop … 980 more log messages']);
  limit.add(message('after'));
  expect(told.at(-1)).toBe('shop after');
});

test('debugging of a server is not told, and nothing is told once it has stopped', () => {
  const { told, limit, planned } = world();
  limit.add(message('x', { level: 'debug' }));
  limit.add(message('y'));
  expect(told).toEqual(['shop y']);
  limit.stop();
  expect(planned()).toBe(0);
});
