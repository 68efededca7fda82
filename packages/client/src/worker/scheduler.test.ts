import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { createFakeClock } from '../testing/index.ts';
import { createRequestLimit, requestLimitOf } from './request-limit.ts';
import { createScheduler } from './scheduler.ts';

/** Counts the timers that run at the same time. */
function countTimers(clock: Clock): { readonly clock: Clock; readonly most: () => number } {
  let running = 0;
  let most = 0;
  const schedule: Clock['schedule'] = (delayMs, callback) => {
    running += 1;
    most = Math.max(most, running);
    let over = false;
    const end = (): void => {
      if (!over) running -= 1;
      over = true;
    };
    const cancel = clock.schedule(delayMs, () => {
      end();
      callback();
    });
    return () => {
      end();
      cancel();
    };
  };
  return { clock: { ...clock, now: () => clock.now(), random: () => clock.random(), schedule }, most: () => most };
}

test('one timer wakes ten thousand tasks, none of them early', async () => {
  const fake = createFakeClock();
  const { clock, most } = countTimers(fake);
  const scheduler = createScheduler(clock);
  const start = clock.now();
  const woken = new Map<number, number>();
  for (let task = 0; task < 10_000; task += 1) {
    scheduler.set(() => woken.set(task, clock.now() - start), start + 250 + ((task * 7919) % 30_000));
  }
  await fake.advance(31_000);
  const early = [...woken].filter(([task, at]) => at < 250 + ((task * 7919) % 30_000));
  expect({ woken: woken.size, early, timers: most() }).toEqual({ woken: 10_000, early: [], timers: 1 });
});

test('many overdue tasks are woken in order over several turns, or all at once if the clock moved back', async () => {
  const clock = createFakeClock();
  const scheduler = createScheduler(clock);
  const woken: number[] = [];
  const wakes = Array.from({ length: 600 }, (_, task) => (): void => void woken.push(task));
  for (const [task, wake] of wakes.entries()) scheduler.set(wake, clock.now() + 100 + task / 1_000);
  clock.jump(60_000);
  scheduler.catchUp();
  expect(woken.length).toBeLessThan(300);
  await clock.advance(200);
  expect(woken).toEqual(wakes.map((_, task) => task));
  for (const wake of wakes) scheduler.set(wake, clock.now() + 1_000);
  clock.jump(-60_000);
  await clock.advance(1_000);
  expect(woken).toHaveLength(1_200);
});

test('under overload none of ten thousand tasks is woken early or skipped', async () => {
  const TASKS = 10_000;
  const pace = fc.integer({ min: 250, max: 20_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(pace, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 50, max: 150 }),
      async (paces, answerMs) => {
        const clock = createFakeClock();
        const scheduler = createScheduler(clock);
        const gate = createRequestLimit(clock, { first: 64 });
        const polls = new Uint32Array(TASKS);
        let [inFlight, most, early, latestMs] = [0, 0, 0, 0];
        let over = false;
        for (let task = 0; task < TASKS; task += 1) {
          const interval = (paces[task % paces.length] ?? 0) + (task % 97);
          let due = clock.now() + interval;
          const wake = (): void =>
            void gate.run(async () => {
              if (over) return;
              if (clock.now() < due) early += 1;
              latestMs = Math.max(latestMs, clock.now() - due);
              inFlight += 1;
              most = Math.max(most, inFlight);
              await new Promise<void>((resolve) => clock.schedule(answerMs, resolve));
              inFlight -= 1;
              polls[task] = (polls[task] ?? 0) + 1;
              due = clock.now() + interval;
              scheduler.set(wake, due);
            });
          scheduler.set(wake, due);
        }
        // The longest wait: every task ahead is served once before.
        const roundMs = Math.ceil(TASKS / 64) * answerMs;
        await clock.advance(20_097 + roundMs);
        expect({ early, passedOver: polls.indexOf(0), most: most <= 64 }).toEqual({
          early: 0,
          passedOver: -1,
          most: true,
        });
        expect(latestMs).toBeLessThanOrEqual(roundMs);
        over = true;
      },
    ),
    { numRuns: 4 },
  );
}, 240_000);

test('a moved task is woken only at its new time, and a deleted task never', async () => {
  const fake = createFakeClock();
  const scheduler = createScheduler(fake);
  const start = fake.now();
  const woken: string[] = [];
  const moved = (): void => void woken.push(`moved at ${fake.now() - start}`);
  const deleted = (): void => void woken.push('deleted');
  scheduler.set(moved, start + 100);
  scheduler.set(deleted, start + 200);
  scheduler.set(moved, start + 500);
  scheduler.delete(deleted);
  await fake.advance(1_000);
  expect(woken).toEqual(['moved at 500']);
});

test('a task due beyond the longest timer is woken on time', async () => {
  const fake = createFakeClock();
  const scheduler = createScheduler(fake);
  const month = 60 * 24 * 3_600_000;
  let woken = false;
  scheduler.set(() => {
    woken = true;
  }, fake.now() + month);
  await fake.advance(month - 1);
  expect(woken).toBe(false);
  await fake.advance(1);
  expect(woken).toBe(true);
});

test('tasks are woken in the order of their due times', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), async (delays) => {
      const fake = createFakeClock();
      const scheduler = createScheduler(fake);
      const start = fake.now();
      const woken: number[] = [];
      for (const delay of delays) scheduler.set(() => void woken.push(delay), start + delay);
      await fake.advance(100);
      expect(woken).toEqual([...delays].sort((a, b) => a - b));
    }),
  );
});

test('requests in flight stay within the limit and are sent in order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 200 }), async (limit, count) => {
      const gate = createRequestLimit(createFakeClock(), { max: limit });
      let running = 0;
      let most = 0;
      const began: number[] = [];
      const work = Array.from({ length: count }, (_, index) =>
        gate.run(async () => {
          began.push(index);
          running += 1;
          most = Math.max(most, running);
          await Promise.resolve();
          running -= 1;
        }),
      );
      await Promise.all(work);
      expect(most).toBeLessThanOrEqual(limit);
      expect(began).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
  );
});

test('with many servers a process has at most 64 requests in flight, and all of them complete', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 24 }), async (wishes) => {
      const clock = createFakeClock();
      let most = 0;
      let inFlight = 0;
      let done = 0;
      const work = wishes.flatMap((count, server) => {
        return Array.from({ length: count }, (_, turn) =>
          requestLimitOf(clock, `server-${server}`)
            .run(async () => {
              inFlight += 1;
              most = Math.max(most, inFlight);
              for (let wait = 0; wait <= turn % 3; wait += 1) await Promise.resolve();
              inFlight -= 1;
              done += 1;
              if (turn % 5 === 0) throw new Error('a request that fails gives its place on as well');
            })
            .catch(() => undefined),
        );
      });
      await Promise.all(work);
      const wanted = wishes.map((count) => Math.min(8, count)).reduce((sum, each) => sum + each, 0);
      expect(most).toBeGreaterThanOrEqual(Math.min(64, wanted));
      expect(most).toBeLessThanOrEqual(64);
      expect(done).toBe(wishes.reduce((sum, each) => sum + each, 0));
    }),
  );
});
