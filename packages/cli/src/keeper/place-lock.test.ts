import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { createPlaceLock } from './place-lock.ts';

test('a second request for the lock shares the first, and does not wait for it', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'mcp-tasks-place-')), 'keeper');
  const clock = createFakeClock(); // a wait for the lock would last for ever
  const lock = createPlaceLock({ path: `${path}.sock`, lock: `${path}.lock` }, clock);
  await Promise.all([lock.acquire(10_000), lock.acquire(10_000)]);
  lock.release();
  await lock.acquire(10_000);
  lock.release();
  expect(clock.pending).toBe(0);
});
