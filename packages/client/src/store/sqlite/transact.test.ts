import type Database from 'libsql';
import { expect, test } from 'vitest';
import { transactWithRetry } from './transact.ts';

/** A database that another process writes to until `free` is called; counts the attempts to begin. */
function busyDatabase() {
  let isBusy = true;
  let attempts = 0;
  const exec = (statement: string): void => {
    if (statement !== 'BEGIN IMMEDIATE') return;
    attempts += 1;
    if (isBusy) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY', rawCode: 5 });
  };
  const db = { exec, inTransaction: false } as unknown as Database.Database;
  return {
    db,
    attempts: () => attempts,
    free() {
      isBusy = false;
    },
  };
}

test('of many writes that wait for another process, one at a time retries', async () => {
  const { db, attempts, free } = busyDatabase();
  const written: number[] = [];
  const writes = Array.from({ length: 20 }, (_, index) => transactWithRetry(db, () => void written.push(index)));
  expect(attempts()).toBe(1);
  free();
  await Promise.all(writes);
  expect(written).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('a failed write does not hold up the writes that wait for it', async () => {
  const { db, free } = busyDatabase();
  const refused = transactWithRetry(db, () => {
    throw new Error('refused');
  });
  const written = transactWithRetry(db, () => 'written');
  free();
  await expect(refused).rejects.toThrow('refused');
  expect(await written).toBe('written');
});
