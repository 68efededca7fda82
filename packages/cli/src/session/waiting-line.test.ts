import { expect, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { createFakeSession } from './fake-session.ts';
import { createWaitingLine } from './waiting-line.ts';

test('the waiting line shows the elapsed time four times a second, until it ends', async () => {
  const { clock, live, session } = createFakeSession({ isLive: true });
  const line = createWaitingLine(session);
  await clock.advance(1_000);
  expect(live).toEqual([]);
  line.show({ ...task('a1'), createdAt: clock.now() });
  live.length = 0;
  await clock.advance(12_000);
  expect(live).toHaveLength(48);
  expect(live.at(-1)).toMatch(/^\S a1 {2}\S+ {2}12 s/);
  line.end();
  expect(live.at(-1)).toBeUndefined();
  await clock.advance(5_000);
  expect(live).toHaveLength(49);
  expect(clock.pending).toBe(0);
});

test('without a live line nothing is drawn', async () => {
  const { clock, session } = createFakeSession();
  createWaitingLine(session);
  expect(clock.pending).toBe(0);
});
