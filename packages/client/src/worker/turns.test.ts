import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('each turn starts a limited amount of work; the rest starts in order in later turns', async () => {
  const planned: (() => void)[] = [];
  const turns = createTurns(2, (work) => void planned.push(work));
  const begun: number[] = [];
  const begin = async (n: number): Promise<void> => {
    await turns.take();
    begun.push(n);
  };
  const all = [1, 2, 3, 4, 5].map(begin);
  const perTurn: number[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await Promise.resolve();
    await Promise.resolve();
    perTurn.push(begun.splice(0));
    planned.shift()?.();
  }
  await Promise.all(all);
  expect(perTurn).toEqual([[1, 2], [3, 4], [5], []]);
  expect(planned).toEqual([]);
  expect(turns.take()).toBeUndefined();
});

test('heavy work uses up a turn, and later work waits for the next', () => {
  const planned: (() => void)[] = [];
  const turns = createTurns(100, (work) => void planned.push(work));
  expect(turns.take(100)).toBeUndefined();
  expect(turns.take(1)).toBeInstanceOf(Promise);
});
