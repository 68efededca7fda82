import { expect, test } from 'vitest';
import { LazyAbort } from './lazy-abort.ts';

test('the end of a tenure aborts the request in flight, and does nothing without one', () => {
  const during = new LazyAbort();
  const out = during.lend();
  during.abort();
  expect(out.signal.aborted).toBe(true);

  const after = new LazyAbort();
  const answered = after.lend();
  after.takeBack(answered);
  after.abort();
  expect(answered.signal.aborted).toBe(false);
  expect(after.lend().signal.aborted).toBe(true);
});

test('a signal that was handed out for good is aborted, with or without a request in flight', () => {
  const tenure = new LazyAbort();
  const { signal } = tenure;
  tenure.takeBack(tenure.lend());
  tenure.abort();
  expect(signal.aborted).toBe(true);
});

test('each request has a signal of its own, so that nothing is left listening when it has ended', () => {
  const tenure = new LazyAbort();
  const [first, second, third] = [tenure.lend(), tenure.lend(), tenure.lend()];
  tenure.takeBack(second);
  tenure.abort();
  expect([first, second, third].map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
});
