import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { freshHome, watch } from './support/watch.ts';

test('a key pressed on the first frame reaches the view', async () => {
  await using term = watch(freshHome(), ['--keep-open']);
  await term.waitFor('mcp-tasks');
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
  expect(term.buffer()).toBe('normal');
});

test('a store that cannot be opened ends the view, and its error appears on the normal screen', async () => {
  const home = freshHome();
  const store = await openSqliteStore({ directory: join(home, 'state') });
  await store.close();
  const db = new Database(store.file);
  db.exec('PRAGMA user_version = 999');
  db.close();
  await using term = watch(home, []);
  const { code } = await term.exited;
  expect(code).not.toBe(0);
  expect(term.buffer()).toBe('normal');
  expect(term.screen()).toContain('has format 999');
});

test('the warning about a damaged store appears in the view, and on the normal screen afterwards', async () => {
  const home = freshHome();
  mkdirSync(join(home, 'state'), { mode: 0o700 });
  writeFileSync(join(home, 'state', 'tasks.db'), 'not a database'.repeat(400));
  await using term = watch(home, ['--keep-open']);
  await term.waitFor(/The task store was damaged/);
  expect(term.buffer()).toBe('alternate');
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
  expect(term.scrollback()).toContain('warning: The task store was damaged. It is kept as');
});
