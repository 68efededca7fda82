import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identityOf, moveAside } from './move-aside.ts';
import { isBusy } from './store-errors.ts';

const HOLD = `const db = new (require(process.argv[1]))(process.argv[2]);
db.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
console.log('holds');
setInterval(() => db.open, 60_000);`;

/** A damaged store whose lock another process holds. */
async function lockedStore() {
  const file = join(mkdtempSync(join(tmpdir(), 'move-aside-')), 'tasks.db');
  writeFileSync(file, 'garbage');
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const holder = spawn(process.execPath, ['-e', HOLD, libsql, `${file}-moving`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return { file, holder };
}

test('a damaged store is moved by one process at a time, also after a killed one', async () => {
  const { file, holder } = await lockedStore();
  const found = identityOf(file);
  try {
    moveAside(file, found, [], 0);
    expect.unreachable();
  } catch (error) {
    expect(isBusy(error)).toBe(true);
  }
  expect(existsSync(file)).toBe(true);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(moveAside(file, found, [], 0)).toMatch(/tasks\.db\.corrupt-/);
  expect([existsSync(file), statSync(`${file}-moving`).size]).toEqual([false, 0]);
});

test('the lock directory of an older version is left alone', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'move-aside-')), 'tasks.db');
  writeFileSync(file, 'garbage');
  mkdirSync(`${file}.moving`);
  expect(moveAside(file, identityOf(file), [])).toMatch(/tasks\.db\.corrupt-/);
  expect(existsSync(`${file}.moving`)).toBe(true);
});
