import { expect, test } from 'vitest';
import { createBroadcast } from './broadcast.ts';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

test('leaving a loop that waits for a value ends the loop at once', async () => {
  const broadcast = createBroadcast<number>();
  const reader = broadcast.subscribe();
  const waiting = reader.next();
  await reader.return?.();
  broadcast.publish(1);
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});

test('each reader gets the values since it subscribed, in order, up to the last value or the end', async () => {
  const broadcast = createBroadcast<number>();
  const every = broadcast.subscribe([0]);
  const untilTwo = broadcast.subscribe([], (value) => value === 2);
  for (const value of [1, 2, 3]) broadcast.publish(value);
  broadcast.end();
  broadcast.publish(4);
  expect(await all(every)).toEqual([0, 1, 2, 3]);
  expect(await all(untilTwo)).toEqual([1, 2]);
  expect(await all(broadcast.subscribe([9]))).toEqual([9]);
});
