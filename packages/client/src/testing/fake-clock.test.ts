import { expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

test('timers run in the order they fall due, each at its own instant', async () => {
  const clock = createFakeClock({ now: 0 });
  const ran: unknown[] = [];
  for (const delay of [30, 10, 20, 10]) clock.schedule(delay, () => ran.push([delay, clock.now()]));
  await clock.advance(25);
  expect(ran).toEqual([
    [10, 10],
    [10, 10],
    [20, 20],
  ]);
  expect([clock.now(), clock.pending]).toEqual([25, 1]);
});

test('promises settle between two timers, and timers set meanwhile run in the same advance', async () => {
  const clock = createFakeClock({ now: 0 });
  const polled: number[] = [];
  const poll = async (): Promise<void> => {
    for (let step = 0; step < 50; step += 1) await Promise.resolve();
    polled.push(clock.now());
    clock.schedule(2_000, () => void poll());
  };
  void poll();
  await clock.advance(6_000);
  expect(polled).toEqual([0, 2_000, 4_000, 6_000]);
});

test('a cancelled timer never runs', async () => {
  const clock = createFakeClock();
  const cancel = clock.schedule(1, () => expect.unreachable());
  cancel();
  await clock.advance(10);
  expect(clock.pending).toBe(0);
});

test('a jump moves only the wall clock, no timer', async () => {
  const clock = createFakeClock({ now: 1_000 });
  const ran: number[] = [];
  clock.schedule(10, () => ran.push(clock.now()));
  clock.jump(-500);
  await clock.settle();
  expect(ran).toEqual([]);
  await clock.advance(10);
  expect(ran).toEqual([510]);
});

test('random returns the given values', () => {
  let next = 0;
  const clock = createFakeClock({ random: () => (next += 0.25) });
  expect([clock.random(), clock.random(), createFakeClock().random()]).toEqual([0.25, 0.5, 0]);
});
