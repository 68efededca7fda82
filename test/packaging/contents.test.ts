import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { checkPackage, createPackageFromTarballData, type Package } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { beforeAll, expect, test } from 'vitest';
import { type Packed, packBoth } from './pack.ts';

/**
 * The bundle quotes what it requires by backticks; other words in `require(…)` are text of code that ajv would make.
 * `requireHere` is ours, for libsql. `pg` uses `pg-native` only where a program asks for it.
 */
const IMPORT =
  /(?:\b(?:from|import)\s*\(?\s*["']|\brequire(?:Here(?:\.resolve)?)?\(`(?!pg-native`))([^"'`.\s][^"'`\s]*)["'`]/g;
const both = ['client', 'cli'] as const;
let packed: Packed;
let packages: Readonly<Record<'client' | 'cli', Package>>;

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

beforeAll(() => {
  packed = packBoth();
  const open = (file: string): Package => createPackageFromTarballData(readFileSync(file));
  packages = { client: open(packed.client), cli: open(packed.cli) };
});

function filesOf(name: 'client' | 'cli'): readonly string[] {
  const prefix = `/node_modules/${packages[name].packageName}/`;
  return packages[name].listFiles().map((path) => path.slice(prefix.length));
}

function read(name: 'client' | 'cli', path: string): string {
  return packages[name].readFile(`/node_modules/${packages[name].packageName}/${path}`);
}

function manifestOf(name: 'client' | 'cli'): Manifest {
  return JSON.parse(read(name, 'package.json'));
}

test.each(both)('publint finds nothing to say about the %s', async (name) => {
  const { buffer } = new Uint8Array(readFileSync(packed[name]));
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true, level: 'suggestion' });
  expect(messages).toEqual([]);
});

test("every entry of the library resolves, with types, for node's modules and for bundlers", async () => {
  const analysis = await checkPackage(packages.client);
  if (analysis.types === false) throw new Error('The package has no types');
  const { './package.json': _manifest, ...entries } = manifestOf('client').exports;
  expect(Object.keys(analysis.entrypoints)).toEqual(Object.keys(entries));
  const modules = Object.entries(analysis.entrypoints).filter(([name]) => !name.endsWith('.json'));
  for (const [, { resolutions }] of modules) {
    for (const kind of ['node16-esm', 'bundler'] as const) {
      expect(resolutions[kind]).toMatchObject({ resolution: { isTypeScript: true }, visibleProblems: [] });
      expect(resolutions[kind].implementationResolution?.fileName).toMatch(/\.js$/);
    }
  }
  // The package is ESM only: `require` and resolvers without `exports` are expected to fail.
  const kinds = analysis.problems.filter((problem) => {
    const kind = 'resolutionKind' in problem ? problem.resolutionKind : undefined;
    return kind !== 'node10' && kind !== 'node16-cjs';
  });
  expect(kinds).toEqual([]);
});

test('the library ships what runs and what types it, its words, and nothing else', () => {
  const words = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'routes.schema.json'];
  const others = filesOf('client').filter((path) => !/^dist\/(?!.*\.test\.).+\.(js|d\.ts)$/.test(path));
  expect(others.sort()).toEqual(words);
});

test('the command ships its bundle with the licences of what is in it, its words, and nothing else', () => {
  const expected = ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/mcp-tasks.js', 'bin/package.json', 'package.json'];
  const others = filesOf('cli').filter((path) => !/^dist\/bundle\/[\w-]+\.cjs$/.test(path));
  expect(others.sort()).toEqual(
    [
      ...expected,
      'dist/man/mcp-tasks.1',
      'dist/bundle/THIRD-PARTY-LICENSES.txt',
      'dist/bundle/sbom.cdx.json',
      'jobs.schema.json',
    ].sort(),
  );
  const licenses = read('cli', 'dist/bundle/THIRD-PARTY-LICENSES.txt');
  for (const name of [
    '@modelcontextprotocol/client',
    '@modelcontextprotocol/sdk',
    'commander',
    'ink',
    'react',
    'zod',
  ]) {
    expect(licenses).toMatch(new RegExp(`^${name} [\\d.]+ \\((MIT|Apache-2.0)\\)$`, 'm'));
  }
});

test('the command ships a CycloneDX list of the very packages whose licences it ships', () => {
  const { bomFormat, specVersion, components } = JSON.parse(read('cli', 'dist/bundle/sbom.cdx.json'));
  expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.6']);
  const licenses = read('cli', 'dist/bundle/THIRD-PARTY-LICENSES.txt');
  const named = [...licenses.matchAll(/^(\S+) (\d\S*) \(.+\)$/gm)].map(([, name, version]) => `${name}@${version}`);
  expect(named.length).toBeGreaterThan(20);
  expect(components.map((component: Record<string, unknown>) => component['bom-ref'])).toEqual(named);
  for (const { purl } of components) expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/);
});

test.each(both)('every link in the README of the %s works where the package is read', (name) => {
  const links = [...read(name, 'README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => !/^https:\/\//.test(link) && !filesOf(name).includes(link.split('#')[0] ?? ''));
  expect(links.length).toBeGreaterThan(0);
  expect(broken).toEqual([]);
});

test.each(both)('the manifest of the %s speaks to the registry: real versions and a licence', (name) => {
  const text = read(name, 'package.json');
  expect(text).not.toMatch(/"(catalog|workspace|link|file):/);
  expect(manifestOf(name).license).toBe('MIT');
  for (const range of Object.values(manifestOf(name).dependencies)) expect(range).toMatch(/^[\^~]?\d+\.\d+\.\d+$/);
});

test.each(both)('whatever the %s imports is declared in its manifest', (name) => {
  const { dependencies, peerDependencies = {} } = manifestOf(name);
  const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  const packageOf = (target: string): string => target.split('/', target.startsWith('@') ? 2 : 1).join('/');
  const codeOf = (path: string): string => read(name, path).replace(/\/\*[\s\S]*?\*\//g, '');
  const imported = filesOf(name)
    .filter((path) => /\.(c?js|d\.ts)$/.test(path))
    .flatMap((path) => [...codeOf(path).matchAll(IMPORT)].map(([, target = '']) => ({ path, target })))
    .filter(({ target }) => !target.startsWith('node:') && !builtinModules.includes(target));
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.filter(({ target }) => !declared.has(packageOf(target)))).toEqual([]);
});

test('neither package is heavier than it has to be', () => {
  expect(readFileSync(packed.client).length).toBeLessThan(430_000);
  expect(readFileSync(packed.cli).length).toBeLessThan(1_200_000);
});

test('the library accepts later minor versions of its dependencies, so that a host shares its copy', () => {
  const { dependencies, peerDependencies = {} } = manifestOf('client');
  for (const range of Object.values({ ...dependencies, ...peerDependencies })) expect(range).toMatch(/^\^/);
});
