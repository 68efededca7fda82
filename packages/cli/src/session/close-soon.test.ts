import { expect, test } from 'vitest';
import { createDeferred } from '../live/world/deferred.ts';
import { closeSoon } from './close-soon.ts';
import { createFakeSession } from './fake-session.ts';

test('a resource that does not close is abandoned after 300 ms', async () => {
  const { clock, session } = createFakeSession();
  const closing = createDeferred<void>();
  let isLeft = false;
  const closed = closeSoon({ close: () => closing.promise }, session.context).then(() => {
    isLeft = true;
  });
  await clock.advance(299);
  expect(isLeft).toBe(false);
  await clock.advance(1);
  await closed;
});

test.each([
  ['closes', () => Promise.resolve()],
  ['fails to close', () => Promise.reject(new Error('gone'))],
])('a resource that %s at once leaves no timer', async (_, close) => {
  const { clock, session } = createFakeSession();
  await closeSoon({ close }, session.context);
  expect(clock.pending).toBe(0);
});
