import { expect, test } from 'vitest';
import { Serial } from './serial.ts';

test('work runs at once while the queue is empty, else in order', async () => {
  const serial = new Serial();
  const done: string[] = [];
  let finish = (): void => undefined;
  void serial.run(() => void done.push('first'));
  expect(done).toEqual(['first']);
  const slow = serial.run(() => new Promise<void>((resolve) => (finish = resolve)).then(() => void done.push('slow')));
  const last = serial.run(() => void done.push('last'));
  expect(done).toEqual(['first']);
  finish();
  await Promise.all([slow, last]);
  expect(done).toEqual(['first', 'slow', 'last']);
  void serial.run(() => void done.push('at once again'));
  expect(done).toHaveLength(4);
});

test('a failed piece of work does not stop the next', async () => {
  const serial = new Serial();
  const failed = serial.run(async () => {
    throw new Error('no');
  });
  const next = serial.run(() => undefined);
  await expect(failed).rejects.toThrow('no');
  await next;
  await expect(
    serial.run(() => {
      throw new Error('neither');
    }),
  ).rejects.toThrow('neither');
  await serial.settled();
});
