import { expect, test } from 'vitest';
import { settled, task } from '../live/state/play.ts';
import { callStateOf, hasEnded } from './call-state.ts';

const call = task('a1', { phase: 'intent', taskId: null });
const lost = { ...call, contact: { kind: 'lost', since: 1 } } as const;

test('a call without a task is running while a process holds it, and lost without one', () => {
  expect([callStateOf(call, true), callStateOf(call, false)]).toEqual(['running', 'lost']);
  expect([callStateOf(lost, true), hasEnded(lost), hasEnded(call)]).toEqual(['lost', true, false]);
});

test('a task counts as running while no process holds it', () => {
  expect(callStateOf(task('a1'), false)).toBe('running');
});

test('an ended call is undelivered until a host has received its result', () => {
  expect(callStateOf(settled('a1', { deliveredAt: null }), false)).toBe('undelivered');
  expect(callStateOf(settled('a1', { deliveredAt: 5 }), false)).toBe('delivered');
});
