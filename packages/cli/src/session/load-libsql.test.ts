import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import Libsql from './load-libsql.ts';

test('SQLite is loaded as libsql loads it, and what was answered for its packages is forgotten', () => {
  const db = new Libsql(':memory:');
  expect(db.prepare('SELECT 1 AS one').get()).toMatchObject({ one: 1 });
  db.close();
  const require = createRequire(import.meta.url);
  const fromLibsql = createRequire(require.resolve('libsql'));
  expect(fromLibsql('detect-libc')).toHaveProperty('versionSync');
  expect(require('libsql')).toBe(Libsql);
});
