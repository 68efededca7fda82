import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'tsdown';
import { expect, test } from 'vitest';
import { root } from './pack.ts';

const dist = join(root, 'packages/client/dist');
const manifest = JSON.parse(readFileSync(join(root, 'packages/client/package.json'), 'utf8'));
const entries: ReadonlyArray<readonly [string, string]> = Object.entries<{ types: string } | string>(
  manifest.exports,
).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [[name, join(root, 'packages/client', target.types)]],
);

/** A file and its imports within this package. */
function reachable(entry: string, extension: '.d.ts' | '.js'): readonly string[] {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import) ?['"](\.[^'"]+)['"]/g)) {
      const next = resolve(dirname(path), target).replace(/(\.d)?\.[tj]s$/, extension);
      if (existsSync(next)) visit(next);
    }
  };
  visit(entry);
  return [...seen];
}

function declarationOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\/\/.*$/gm, '');
  return code
    .replace(/^import .*$\n/gm, '')
    .replace(/^\s*\n/gm, '')
    .trim();
}

test('the public surface matches public-surface.txt', async () => {
  const files = new Set(entries.flatMap(([, path]) => reachable(path, '.d.ts')));
  const listed = entries.map(([name, path]) => `// ${name}: ${relative(dist, path)}`);
  const declared = [...files].sort().map((path) => `// ${relative(dist, path)}\n${declarationOf(path)}`);
  await expect(`${[...listed, ...declared].join('\n\n')}\n`).toMatchFileSnapshot('./public-surface.txt');
});

/** Bundles and minifies an entry in its own folder, as a host does. */
async function bundle(
  deps: { readonly neverBundle?: RegExp[]; readonly alwaysBundle?: RegExp[] },
  entry = join(dist, 'index.js'),
): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'mcp-tasks-size-'));
  const cwd = join(root, 'packages/client');
  // Platform `browser`: an import of a Node module fails the build.
  const platform = 'browser';
  await build({ config: false, cwd, entry, outDir, platform, deps, minify: true, dts: false, logLevel: 'error' });
  return outDir;
}

/** Gzipped size of the initial load; dynamic imports are separate files. */
function initialSize(folder: string): number {
  const main = readdirSync(folder).find((name) => name.startsWith('index.')) ?? '';
  return gzipSync(Buffer.concat(reachable(join(folder, main), '.js').map((path) => readFileSync(path)))).length;
}

test.each(['.', './memory-store', './schema', './testing', './sdk-v1', './sdk-v2'])(
  'the entry %s imports no node module, so it runs in a browser',
  async (name) => {
    const entry = entries.find(([each]) => each === name)?.[1].replace(/\.d\.ts$/, '.js') ?? '';
    await bundle({ neverBundle: [/^[^./]/] }, entry);
    const imported = reachable(entry, '.js').flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*from '([^.'][^']*)'/gm),
    ]);
    const targets = imported.map(([, target = '']) => target);
    expect(targets.filter((target) => target.startsWith('node:'))).toEqual([]);
    const sdks = targets.filter((target) => target.startsWith('@modelcontextprotocol/'));
    if (!name.startsWith('./sdk')) expect(sdks).toEqual([]);
  },
);

test('the initial load of the root entry is under 45 kB, dependencies included', async () => {
  const own = initialSize(await bundle({ neverBundle: [/^[^./]/] }));
  expect(own).toBeGreaterThan(5_000);
  expect(own).toBeLessThan(45_000);
  expect(initialSize(await bundle({ alwaysBundle: [/.*/] }))).toBeLessThan(45_000);
});

test('the library depends on no validator that compiles schemas to code', () => {
  const { dependencies } = manifest;
  expect(['ajv', 'ajv-formats', 'zod'].filter((name) => Object.hasOwn(dependencies, name))).toEqual([]);
});

test('the schema interpreter is not part of the initial load', () => {
  const files = reachable(join(dist, 'index.js'), '.js').map((path) => relative(dist, path));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => path.startsWith('schema/'))).toEqual([]);
});
