import { expect, test } from 'vitest';
import { notificationSequence } from './notify.ts';

test('a terminal is notified by OSC 777 if it supports that, else by OSC 9, also through tmux', () => {
  expect(notificationSequence('a; b', { TERM: 'xterm-256color' })).toBe('\u001b]9;a, b\u0007');
  expect(notificationSequence('a', { TERM: 'foot' })).toBe('\u001b]777;notify;mcp-tasks;a\u0007');
  expect(notificationSequence('a', { TMUX: '/tmp/tmux' })).toBe('\u001bPtmux;\u001b\u001b]9;a\u0007\u001b\\');
});
