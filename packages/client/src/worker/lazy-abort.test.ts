import { expect, test } from 'vitest';
import { LazyAbort } from './lazy-abort.ts';

test('the end of a tenure aborts the request that is out, and tells nobody when none is', () => {
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

test('a signal that was given for good is aborted, whether a request is out or not', () => {
  const tenure = new LazyAbort();
  const { signal } = tenure;
  tenure.lend();
  tenure.takeBack();
  tenure.abort();
  expect(signal.aborted).toBe(true);
});
