import { expect, test } from 'vitest';
import { asking, NOW } from '../live/state/play.ts';
import { listedAgain, repeatableQuestions } from './repeatable-questions.ts';

const acknowledged = (at: number) => ({ state: 'acknowledged', digest: 'd', at }) as const;
const record = asking('a1', ['new', 'old', 'gone', 'other'], {
  ledger: {
    new: acknowledged(NOW - 60_000),
    old: acknowledged(NOW - 60_001),
    other: { state: 'refused', digest: 'd', reason: 'it asks something else' },
  },
});

test('a question is offered again a minute after an answer without effect, and at once after a refused answer', () => {
  expect(Object.keys(repeatableQuestions(record, NOW))).toEqual(['old', 'other']);
  expect(Object.keys(listedAgain(record))).toEqual(['new', 'old', 'other']);
});

test('a withdrawn question and a question of an ended task are not offered again', () => {
  expect(Object.keys(repeatableQuestions({ ...record, inputRequests: {} }, NOW))).toEqual([]);
  expect(listedAgain({ ...record, phase: 'settled' })).toEqual({});
});
