import { appendFileSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'libsql';
import { expect, test, vi } from 'vitest';
import { checkPages } from './checked-pages.ts';

/** A file of this size, with a counter of page checks. */
function counted(size: number, finds = 'ok') {
  const file = join(mkdtempSync(join(tmpdir(), 'checked-')), 'tasks.db');
  writeFileSync(file, Buffer.alloc(size));
  let count = 0;
  const get = (): unknown => {
    count += 1;
    return { quick_check: finds };
  };
  const db = { prepare: () => ({ get }) } as unknown as Database.Database;
  return { file, check: () => checkPages(db, file), count: () => count };
}

test('the pages of a large store are checked again only after a write or a day', () => {
  const { file, check, count } = counted(2_000_000);
  for (let start = 0; start < 3; start += 1) expect(check()).toBe('good');
  expect(count()).toBe(1);
  appendFileSync(file, 'x');
  check();
  expect(count()).toBe(2);
  const yesterday = Date.now() / 1_000 - 90_000;
  utimesSync(`${file}-checked`, yesterday, yesterday);
  check();
  expect(count()).toBe(3);
  check();
  expect(count()).toBe(3);
});

test('a check within the current millisecond counts', () => {
  const { file, check, count } = counted(2_000_000);
  check();
  const now = 1_700_000_000_123;
  utimesSync(`${file}-checked`, (now + 0.9) / 1_000, (now + 0.9) / 1_000);
  vi.useFakeTimers({ toFake: ['Date'], now });
  try {
    check();
  } finally {
    vi.useRealTimers();
  }
  expect(count()).toBe(1);
});

test('the pages of a small store are checked at every start', () => {
  const { check, count } = counted(100_000);
  check();
  check();
  expect(count()).toBe(2);
});

test('a damaged store is reported as damaged at each check', () => {
  const { check } = counted(2_000_000, 'row 1 missing from index');
  expect([check(), check()]).toEqual(['damaged', 'damaged']);
});
