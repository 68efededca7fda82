import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { checkPackage, createPackageFromTarballData, type Package } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { beforeAll, expect, test } from 'vitest';
import { type Packed, packBoth } from './pack.ts';

/**
 * The bundle quotes required names with backticks; other quotes in `require(…)` are in code that ajv would generate.
 * `requireHere` is our function, for libsql. `pg` loads `pg-native` only on request.
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

test.each(both)('publint reports nothing about the %s', async (name) => {
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

test('the library ships its code, types and documents, and nothing else', () => {
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'routes.schema.json'];
  const others = filesOf('client').filter((path) => !/^dist\/(?!.*\.test\.).+\.(js|d\.ts)$/.test(path));
  expect(others.sort()).toEqual(documents);
});

test('the command ships its bundle, the licences of the bundled packages and its documents, and nothing else', () => {
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

test('the CycloneDX list of the command names exactly the packages whose licences it ships', () => {
  const { bomFormat, specVersion, components } = JSON.parse(read('cli', 'dist/bundle/sbom.cdx.json'));
  expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.6']);
  const licenses = read('cli', 'dist/bundle/THIRD-PARTY-LICENSES.txt');
  const named = [...licenses.matchAll(/^(\S+) (\d\S*) \(.+\)$/gm)].map(([, name, version]) => `${name}@${version}`);
  expect(named.length).toBeGreaterThan(20);
  expect(components.map((component: Record<string, unknown>) => component['bom-ref'])).toEqual(named);
  for (const { purl } of components) expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/);
});

test.each(both)('every link in the README of the %s is an https URL or a file of the package', (name) => {
  const links = [...read(name, 'README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => !/^https:\/\//.test(link) && !filesOf(name).includes(link.split('#')[0] ?? ''));
  expect(links.length).toBeGreaterThan(0);
  expect(broken).toEqual([]);
});

test.each(both)('the published manifest of the %s has real versions and a licence', (name) => {
  const text = read(name, 'package.json');
  expect(text).not.toMatch(/"(catalog|workspace|link|file):/);
  expect(manifestOf(name).license).toBe('MIT');
  for (const range of Object.values(manifestOf(name).dependencies)) expect(range).toMatch(/^[\^~]?\d+\.\d+\.\d+$/);
});

test.each(both)('every import of the %s is declared in its manifest', (name) => {
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

test('the packed library is under 430 kB, and the packed command under 1.2 MB', () => {
  expect(readFileSync(packed.client).length).toBeLessThan(430_000);
  expect(readFileSync(packed.cli).length).toBeLessThan(1_200_000);
});

test('the library accepts later minor versions of its dependencies, so that a host shares its copy', () => {
  const { dependencies, peerDependencies = {} } = manifestOf('client');
  for (const range of Object.values({ ...dependencies, ...peerDependencies })) expect(range).toMatch(/^\^/);
});
