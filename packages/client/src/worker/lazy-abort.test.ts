import { expect, test } from 'vitest';
import { LazyAbort } from './lazy-abort.ts';

test('the end of a tenure aborts the request in flight, and does nothing without one', () => {
  const during = new LazyAbort();
  const out = during.lend();
  during.abort();
  expect(out.aborted).toBe(true);

  const after = new LazyAbort();
  const answered = after.lend();
  after.takeBack();
  after.abort();
  expect(answered.aborted).toBe(false);
  expect(after.lend().aborted).toBe(true);
});

test('a signal that was handed out for good is aborted, with or without a request in flight', () => {
  const tenure = new LazyAbort();
  const { signal } = tenure;
  tenure.lend();
  tenure.takeBack();
  tenure.abort();
  expect(signal.aborted).toBe(true);
});
