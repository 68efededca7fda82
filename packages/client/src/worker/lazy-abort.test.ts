import { expect, test } from 'vitest';
import { LazyAbort } from './lazy-abort.ts';

test('aborting a LazyAbort aborts its requests in flight, and no ended request', () => {
  const during = new LazyAbort();
  const out = during.lend();
  during.abort();
  expect(out.signal.aborted).toBe(true);

  const after = new LazyAbort();
  const answered = after.lend();
  after.reclaim(answered);
  after.abort();
  expect(answered.signal.aborted).toBe(false);
  expect(after.lend().signal.aborted).toBe(true);
});

test('a LazyAbort aborts its own signal with or without a request in flight', () => {
  const tenure = new LazyAbort();
  const { signal } = tenure;
  tenure.reclaim(tenure.lend());
  tenure.abort();
  expect(signal.aborted).toBe(true);
});

test('each request has its own signal, so that an ended request leaves no listener', () => {
  const tenure = new LazyAbort();
  const [first, second, third] = [tenure.lend(), tenure.lend(), tenure.lend()];
  tenure.reclaim(second);
  tenure.abort();
  expect([first, second, third].map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
});
