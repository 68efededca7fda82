import { expect, test } from 'vitest';
import { createFakeSession } from './fake-session.ts';
import { createTimeLimit } from './time-limit.ts';

test('a command ends at its time limit, with the time in the error', async () => {
  const { clock, session } = createFakeSession();
  const limit = createTimeLimit(session.context, '90s');
  const work = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(new Error('cut')));
  });
  const explained = limit.explain(work, 'nothing was called');
  explained.catch(() => undefined);
  await clock.advance(89_999);
  expect(limit.signal.aborted).toBe(false);
  await clock.advance(1);
  await expect(explained).rejects.toMatchObject({ code: 'timed-out', message: expect.stringContaining('nothing was') });
});
