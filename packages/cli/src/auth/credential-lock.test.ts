import { mkdirSync, mkdtempSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processClock } from '../process-clock.ts';
import { createCredentialLock } from './credential-lock.ts';

const freshPath = (): string => join(mkdtempSync(join(tmpdir(), 'mcp-tasks-lock-')), 'server.json.lock');

test('only one process at a time holds the lock to refresh a token', async () => {
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

test('the lock of a dead process goes to exactly one waiting process', async () => {
  const path = freshPath();
  mkdirSync(path); // the form of a lock on disk
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(path, longAgo, longAgo);
  const order: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const lock = createCredentialLock(path, processClock);
      await lock.hold();
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} out`);
      lock.release();
    }),
  );
  expect(order.map((each) => each.split(' ')[1])).toEqual(['in', 'out', 'in', 'out', 'in', 'out']);
});

test('tokens are refreshed without a lock where no lock file can be written', async () => {
  const lock = createCredentialLock('/dev/null/server.json.lock', processClock);
  await lock.hold();
  lock.release();
});
