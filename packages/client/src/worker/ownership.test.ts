import { expect, test } from 'vitest';
import type { Tenure } from '../store/task-store.ts';
import { createFakeClock } from '../testing/index.ts';
import { createOwnership } from './ownership.ts';

type Renew = (owner: string) => Promise<Tenure | undefined>;
const tenure: Tenure = { owner: 'me', lifetimeMs: 10_000, share: 3 };

function world(first: Renew = async () => tenure) {
  const clock = createFakeClock();
  const events: string[] = [];
  const renewals: number[] = [];
  const store = { renew: first, doubt(): void {} };
  const ownership = createOwnership(
    {
      renew: (owner) => {
        renewals.push(clock.monotonic?.() ?? 0);
        return store.renew(owner);
      },
      onDoubt(listener) {
        store.doubt = listener;
        return () => {
          store.doubt = () => {};
        };
      },
    },
    clock,
    'me',
    {
      renewed: () => void (events.at(-1) === 'renewed' || events.push('renewed')),
      doubted: () => void events.push('doubted'),
      lost: () => void events.push('lost'),
      troubled: (reason) => void (reason === undefined || events.push(`trouble: ${reason}`)),
    },
  );
  return { clock, events, renewals, store, ownership };
}

const throws: Renew = async () => {
  throw new Error('disk full');
};
const hangs: Renew = () => new Promise(() => undefined);

test('an owner renews every 2.5 s, however many leases it holds, and keeps no timer without leases', async () => {
  const { clock, events, renewals, ownership } = world();
  await ownership.begin();
  expect(ownership.isCertain()).toBe(true);
  expect(ownership.share).toBe(3);
  await clock.advance(60_000);
  expect(renewals).toHaveLength(25);
  expect(events).toEqual(['renewed']);
  ownership.rest();
  expect(ownership.isCertain()).toBe(false);
  expect(clock.pending).toBe(0);
});

test('an owner in doubt renews at once, and is not certain until a renewal succeeds', async () => {
  const { clock, events, renewals, store, ownership } = world();
  await ownership.begin();
  store.doubt();
  expect(ownership.isCertain()).toBe(false);
  await clock.advance(0);
  expect(ownership.isCertain()).toBe(true);
  expect(renewals).toHaveLength(2);
  expect(events).toEqual(['renewed', 'doubted', 'renewed']);
  ownership.rest();
  store.doubt();
  expect(clock.pending).toBe(0);
});

test.each([
  ['throws', throws],
  ['hangs', hangs],
])('a store that %s ends certainty seven seconds after the last heartbeat began', async (_, renew) => {
  const { clock, events, store, ownership } = world();
  await ownership.begin();
  await clock.advance(2_500); // a second heartbeat succeeds
  store.renew = renew;
  await clock.advance(6_999);
  expect(ownership.isCertain()).toBe(true);
  await clock.advance(1);
  expect(ownership.isCertain()).toBe(false);
  expect(events.slice(0, 2)).toEqual(['renewed', 'doubted']);
  await clock.advance(20_000);
  expect(events[2]).toMatch(/^trouble: /);
  store.renew = async () => tenure;
  await clock.advance(10_000);
  expect(ownership.isCertain()).toBe(true);
  expect(events.at(-1)).toBe('renewed');
  ownership.rest();
});

test('a suspended process is not certain on waking, even before a timer has run', async () => {
  const { clock, events, ownership } = world();
  await ownership.begin();
  clock.jump(8_000); // the wall clock advances, the monotonic clock does not
  expect(ownership.isCertain()).toBe(false);
  expect(events).toEqual(['renewed', 'doubted']);
  await clock.advance(0);
  expect(ownership.isCertain()).toBe(true);
  expect(events).toEqual(['renewed', 'doubted', 'renewed']);
  ownership.rest();
});

test('an owner recovers after the clock moved back', async () => {
  const { clock, events, ownership } = world();
  await ownership.begin();
  clock.jump(-3_600_000);
  await clock.advance(30_000);
  expect(ownership.isCertain()).toBe(true);
  expect(events).toEqual(['renewed']);
  ownership.rest();
});

test('an owner declared dead loses its leases and joins again', async () => {
  const { clock, events, store, ownership } = world();
  await ownership.begin();
  store.renew = async () => undefined;
  await clock.advance(2_500);
  expect(ownership.isCertain()).toBe(false);
  store.renew = async () => tenure;
  await clock.advance(250);
  expect(ownership.isCertain()).toBe(true);
  expect(events[0]).toBe('renewed');
  expect(events).toContain('lost');
  expect(events.at(-1)).toBe('renewed');
  ownership.rest();
});

test('a heartbeat answered after seven seconds does not renew the ownership', async () => {
  let answer: (tenure: Tenure) => void = () => undefined;
  const { clock, events, store, ownership } = world();
  await ownership.begin();
  store.renew = () => new Promise((resolve) => (answer = resolve));
  await clock.advance(2_500);
  const late = answer;
  store.renew = hangs;
  await clock.advance(9_000);
  late(tenure);
  await clock.settle();
  expect(ownership.isCertain()).toBe(false);
  // Not even for a moment: members act on `renewed` at once.
  expect(events.filter((event) => event === 'renewed')).toHaveLength(1);
  ownership.rest();
});

test('a failed first heartbeat is retried, and begin() resolves meanwhile', async () => {
  const { clock, events, store, ownership } = world(throws);
  await ownership.begin();
  expect(ownership.isCertain()).toBe(false);
  expect(events).toEqual(['trouble: disk full']);
  store.renew = async () => tenure;
  await clock.advance(250);
  expect(ownership.isCertain()).toBe(true);
  ownership.rest();
});
