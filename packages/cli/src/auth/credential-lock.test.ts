import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { lockFile } from '../file-lock.ts';
import { processClock } from '../process-clock.ts';
import { createCredentialLock } from './credential-lock.ts';

const freshPath = (): string => join(mkdtempSync(join(tmpdir(), 'mcp-tasks-lock-')), 'server.lock');

/** Holds a lock in the background. */
function holding(lock: { hold(): Promise<void> }): { readonly isHeld: boolean } {
  const state = { isHeld: false };
  void lock.hold().then(() => {
    state.isHeld = true;
  });
  return state;
}

test('only one of eight holders in a process refreshes a token at a time', async () => {
  const path = freshPath();
  let holding = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const lock = createCredentialLock(path, processClock);
      await lock.hold();
      holding += 1;
      most = Math.max(most, holding);
      await new Promise((resolve) => setImmediate(resolve));
      holding -= 1;
      lock.release();
    }),
  );
  expect({ most, holding }).toEqual({ most: 1, holding: 0 });
});

test('only this user can read the lock file, and it is empty', async () => {
  const path = join(dirname(freshPath()), 'locks', 'server.lock');
  const lock = createCredentialLock(path, processClock);
  await lock.hold();
  expect([statSync(path).mode & 0o777, statSync(path).size, statSync(dirname(path)).mode & 0o777]).toEqual([
    0o600, 0, 0o700,
  ]);
  lock.release();
});

test('a token is refreshed without the lock when its holder keeps it for 30 s', async () => {
  const path = freshPath();
  const unlock = await lockFile(path, processClock, 0);
  const clock = createFakeClock();
  const waiting = holding(createCredentialLock(path, clock));
  await expect.poll(() => clock.pending).toBe(1);
  await clock.advance(29_900);
  expect(waiting.isHeld).toBe(false);
  await clock.advance(200);
  expect(waiting.isHeld).toBe(true);
  unlock?.();
});

test('a lock expires 10 s after it was taken, also when it was waited for', async () => {
  const path = freshPath();
  const unlock = await lockFile(path, processClock, 0);
  const clock = createFakeClock();
  const first = holding(createCredentialLock(path, clock));
  await expect.poll(() => clock.pending).toBe(1);
  await clock.advance(15_000);
  unlock?.();
  await clock.advance(100);
  expect(first.isHeld).toBe(true);
  expect(await lockFile(path, processClock, 0)).toBeUndefined();
  await clock.advance(10_000);
  const next = await lockFile(path, processClock, 0);
  expect(next).toBeDefined();
  next?.();
});

test('a lock that is released while it waits is free once it is taken', async () => {
  const path = freshPath();
  const unlock = await lockFile(path, processClock, 0);
  const clock = createFakeClock();
  const lock = createCredentialLock(path, clock);
  const waiting = holding(lock);
  await expect.poll(() => clock.pending).toBe(1);
  lock.release();
  unlock?.();
  await clock.advance(100);
  expect(waiting.isHeld).toBe(true);
  const next = await lockFile(path, processClock, 0);
  expect(next).toBeDefined();
  next?.();
});

test('tokens are refreshed without a lock where no lock file can be written', async () => {
  const lock = createCredentialLock('/dev/null/server.lock', processClock);
  await lock.hold();
  lock.release();
});
