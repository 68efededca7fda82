import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { lockFile } from './file-lock.ts';
import { createPlaceLock } from './keeper/place-lock.ts';

const freshPath = (): string => join(mkdtempSync(join(tmpdir(), 'mcp-tasks-lock-')), 'server.lock');

const TRY = `const Database = require(process.argv[1]);
try {
  new Database(process.argv[2]).exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE');
  console.log('free');
} catch (error) {
  console.log(error.code);
}`;

/** The state of the lock for another process. */
function stateElsewhere(path: string): string {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  return spawnSync(process.execPath, ['-e', TRY, libsql, path], { encoding: 'utf8' }).stdout.trim();
}

test('a file stays locked for other processes when a caller of its own process gives up', async () => {
  const path = freshPath();
  const unlock = await lockFile(path, createFakeClock(), 0);
  expect(await lockFile(path, createFakeClock(), 0)).toBeUndefined();
  expect(stateElsewhere(path)).toBe('SQLITE_BUSY');
  unlock?.();
  unlock?.();
  expect(stateElsewhere(path)).toBe('free');
});

test('a keeper starts without the lock when it is held for its limit, and where it cannot be written', async () => {
  const path = freshPath();
  const clock = createFakeClock();
  const unlock = await lockFile(path, clock, 0);
  let isReady = false;
  const waiting = createPlaceLock({ path: 'unused', lock: path }, clock);
  const acquired = waiting.acquire(1_000).then(() => {
    isReady = true;
  });
  await clock.advance(950);
  expect(isReady).toBe(false);
  await clock.advance(100);
  await acquired;
  waiting.release();
  unlock?.();
  rmSync(dirname(path), { recursive: true });
  await waiting.acquire(1_000);
});
