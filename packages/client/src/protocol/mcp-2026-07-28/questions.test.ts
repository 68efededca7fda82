import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { readQuestions } from './questions.ts';

const asking = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`q${at}`, { method: 'elicitation/create', params: { message: 'Go?' } }]),
  );

test(verifies('S5', 'a hundred questions at once are accepted; more are refused by count'), () => {
  expect(readQuestions(asking(100))).toMatchObject({ kind: 'value' });
  expect(readQuestions(asking(101))).toEqual({
    kind: 'invalid',
    problem: 'The server asks 101 questions at once; more than 100 are not accepted',
    raw: null,
  });
});
