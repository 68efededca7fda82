import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { lightStart } from '../../light-start.ts';
import { nativeOfLibsql, requireOfLibsql } from './libsql-native.ts';

const file = createRequire(import.meta.url).resolve('libsql');

/** The bundled libsql with this function as the finder of its native module. */
function bundledLibsql(native: () => unknown): typeof import('libsql') {
  const code = lightStart.transform(readFileSync(file, 'utf8'), file) ?? '';
  const module = { exports: {} };
  const require = (name: string): unknown =>
    name.endsWith('/libsql-native.ts') ? { nativeOfLibsql: native, requireOfLibsql } : requireOfLibsql(name);
  const own = (name: string): unknown => (name.startsWith('.') ? createRequire(file)(name) : require(name));
  new Function('require', 'module', 'exports', code)(own, module, module.exports);
  return module.exports as typeof import('libsql');
}

test.each([
  ['found beside libsql', nativeOfLibsql],
  ['left to libsql to find', () => undefined],
])('the bundled libsql works with a native module that is %s', (_how, native) => {
  const db = new (bundledLibsql(native))(':memory:');
  expect(db.prepare('SELECT 1 AS one').get()).toMatchObject({ one: 1 });
  db.close();
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')('the native module is found without libsql', () => {
  expect(nativeOfLibsql()).toHaveProperty('databaseOpen');
});
