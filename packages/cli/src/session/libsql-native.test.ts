import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { libsqlTarget, load } from './libsql-native.ts';

test('the native module of libsql loads without the package search of libsql', () => {
  expect(load()).toHaveProperty('databaseOpen');
});

const MACHINES = [
  ['darwin', 'arm64', false],
  ['darwin', 'x64', false],
  ['linux', 'arm', false],
  ['linux', 'arm', true],
  ['linux', 'arm64', false],
  ['linux', 'arm64', true],
  ['linux', 'x64', false],
  ['linux', 'x64', true],
  ['win32', 'x64', false],
] as const;

test('each build that libsql publishes is selected on one kind of machine', () => {
  const manifest = join(dirname(createRequire(import.meta.url).resolve('libsql')), 'package.json');
  const { optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const targets = MACHINES.map(([platform, arch, isMusl]) => libsqlTarget(platform, arch, () => isMusl));
  expect(targets.map((target) => `@libsql/${target}`).sort()).toEqual(Object.keys(optionalDependencies).sort());
});
