import { expect, test } from 'vitest';
import { ConnectionFailure } from '../connect/connection.ts';
import { createFakeClock } from '../testing/index.ts';
import { LazyAbort } from './lazy-abort.ts';
import { createRequestLimit } from './request-limit.ts';

const refused = (status: number, retryAfterMs?: number) => async (): Promise<never> => {
  throw new ConnectionFailure({ kind: 'http', status, message: 'no', retryAfterMs });
};

function world(options: { readonly max?: number } = {}) {
  const clock = createFakeClock();
  const limit = createRequestLimit(clock, options);
  const seen = { running: 0, most: 0, done: 0 };
  /** Sends this many requests; `tookMs` maps the number in flight to the duration of each. */
  const ask = (count: number, tookMs: (running: number) => number): void => {
    for (let each = 0; each < count; each += 1) {
      void limit.run(async () => {
        seen.running += 1;
        seen.most = Math.max(seen.most, seen.running);
        await new Promise<void>((resolve) => void clock.schedule(tookMs(seen.running), resolve));
        seen.running -= 1;
        seen.done += 1;
      });
    }
  };
  return { clock, limit, seen, ask };
}

test('the limit starts at 8 and grows to 64 while responses stay fast', async () => {
  const { clock, limit, seen, ask } = world();
  ask(2_000, () => 100);
  await clock.settle();
  expect(seen.running).toBe(8);
  await clock.advance(5_000);
  expect({ most: seen.most, done: seen.done }).toEqual({ most: 64, done: 2_000 });
  expect(limit.limit).toBe(64);
});

test('the limit stops growing when responses slow down under load', async () => {
  const { clock, seen, ask } = world();
  ask(3_000, (running) => 100 * Math.max(1, running / 8));
  await clock.advance(60_000);
  expect(seen.done).toBe(3_000);
  expect(seen.most).toBeGreaterThan(8);
  expect(seen.most).toBeLessThan(40);
});

test('an option caps the limit', async () => {
  const { clock, seen, ask } = world({ max: 3 });
  ask(100, () => 10);
  await clock.advance(1_000);
  expect({ most: seen.most, done: seen.done }).toEqual({ most: 3, done: 100 });
});

test.each([429, 503])('the limit is halved on %i, once for all requests in flight together', async (status) => {
  const { limit, clock } = world();
  const all = Array.from({ length: 8 }, () => limit.run(refused(status)).catch(() => undefined));
  await clock.advance(1);
  await Promise.all(all);
  expect(limit.limit).toBe(4);
});

test('the limit is halved on a timeout, down to one; other failures do not change it', async () => {
  const { limit, clock } = world();
  const fail = async (kind: 'timeout' | 'transport'): Promise<void> => {
    const work = async (): Promise<never> => {
      throw new ConnectionFailure({ kind, message: 'no' });
    };
    await limit.run(work).catch(() => undefined);
    await clock.advance(1);
  };
  await fail('transport');
  expect(limit.limit).toBe(8);
  for (let each = 0; each < 6; each += 1) await fail('timeout');
  expect(limit.limit).toBe(1);
});

test('a Retry-After of one task pauses every request to the server', async () => {
  const { limit, clock, seen, ask } = world();
  await limit.run(refused(429, 7_000)).catch(() => undefined);
  ask(2, () => 0);
  await clock.advance(6_999);
  expect(seen.done).toBe(0);
  await clock.advance(1);
  expect(seen.done).toBe(2);
});

test('an aborted request leaves the queue; the last one cancels the timer', async () => {
  const { limit, clock } = world();
  await limit.run(refused(503, 60_000)).catch(() => undefined);
  const left = new LazyAbort();
  const waiting = limit.run(async () => 'sent', left).catch((error: ConnectionFailure) => error.failure.kind);
  expect(clock.pending).toBe(1);
  left.abort();
  expect(await waiting).toBe('aborted');
  expect(clock.pending).toBe(0);
  await expect(limit.run(async () => 'sent', left)).rejects.toMatchObject({ failure: { kind: 'aborted' } });
});

test('an answer is sent before waiting polls, also after a pause', async () => {
  const { limit, clock } = world({ max: 1 });
  const sent: string[] = [];
  const send = (what: string, priority?: 'first') =>
    limit.run(
      async () => {
        sent.push(what);
        await new Promise<void>((resolve) => void clock.schedule(10, resolve));
      },
      undefined,
      priority,
    );
  await limit.run(refused(429, 1_000)).catch(() => undefined);
  for (const poll of ['poll 1', 'poll 2', 'poll 3']) void send(poll);
  void send('answer 1', 'first');
  await clock.advance(1_000);
  void send('answer 2', 'first');
  await clock.advance(1_000);
  expect(sent).toEqual(['answer 1', 'answer 2', 'poll 1', 'poll 2', 'poll 3']);
});

test('a pause from another process delays requests here, and a pause received here is shared', async () => {
  const { limit, clock, seen, ask } = world();
  const pauses: number[] = [];
  limit.onPushback((forMs) => pauses.push(forMs));
  limit.pause(5_000);
  ask(1, () => 0);
  await clock.advance(4_999);
  expect(seen.done).toBe(0);
  await clock.advance(1);
  expect({ done: seen.done, pauses }).toEqual({ done: 1, pauses: [] });
  await limit.run(refused(503, 7_000)).catch(() => undefined);
  expect(pauses).toEqual([7_000]);
});
