import { readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { codeOf, root, type Source, sourcesUnder } from './support/sources.ts';

const client = sourcesUnder('packages/client/src');
const cli = sourcesUnder('packages/cli/src');

function findBreaches(sources: readonly Source[], isAllowed: (target: string, source: Source) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports.filter((target) => !isAllowed(target, source)).map((target) => `${source.path} imports ${target}`),
  );
}

function sourcesIn(folder: string): readonly Source[] {
  return client.filter(({ path }) => path.startsWith(`packages/client/src/${folder}/`));
}

function allow(...folders: string[]): (target: string) => boolean {
  return (target) => folders.some((folder) => target.startsWith(`packages/client/src/${folder}`));
}

test('task imports only task and the error codes', () => {
  expect(findBreaches(sourcesIn('task'), allow('task/', 'errors.ts'))).toEqual([]);
});

test('the machine imports task', () => {
  expect(findBreaches(sourcesIn('machine'), allow('task/', 'machine/'))).toEqual([]);
});

test('protocol imports task; the job mappings also import the pattern engine', () => {
  const jobs = sourcesIn('protocol/jobs');
  const others = sourcesIn('protocol').filter((source) => !jobs.includes(source));
  expect(findBreaches(others, allow('task/', 'protocol/'))).toEqual([]);
  expect(findBreaches(jobs, allow('task/', 'protocol/', 'schema/pattern/'))).toEqual([]);
});

test('the schema interpreter imports task and the errors', () => {
  expect(findBreaches(sourcesIn('schema'), allow('task/', 'schema/', 'errors.ts'))).toEqual([]);
});

const PORTS = ['clock.ts', 'connect/connection.ts', 'connect/connect-port.ts', 'store/task-store.ts'];

test('the ports import task', () => {
  const ports = client.filter(({ path }) => PORTS.some((port) => path.endsWith(`client/src/${port}`)));
  expect(ports.length).toBe(PORTS.length);
  expect(findBreaches(ports, allow('task/', ...PORTS))).toEqual([]);
});

/** Wrappers allowed around every connection, over any transport. */
const RELAY = [
  'relay',
  'relay-api',
  'connection-supervisor',
  'relay-listeners',
  'relay-state',
  'replaced-connection',
  'connection-view',
  'as-failure',
  'reopen-back-off',
  'revision-check',
  'session-tasks',
].map((name) => `connect/${name}.ts`);

test('the relay imports task, the errors and the connection', () => {
  const relay = client.filter(({ path }) => RELAY.some((name) => path.endsWith(`client/src/${name}`)));
  expect(relay.length).toBe(RELAY.length);
  expect(findBreaches(relay, allow('task/', 'errors.ts', 'connect/connection.ts', ...RELAY))).toEqual([]);
});

test('worker and api import pure modules, the ports, the relay and libraries, but no SDK and no node module', () => {
  const pure = ['task/', 'machine/', 'protocol/', 'schema/', 'errors.ts'];
  const allowed = allow(...pure, 'worker/', 'api/', ...PORTS, ...RELAY);
  const libraries = ['p-retry'];
  const isLibrary = (target: string): boolean =>
    libraries.some((name) => target === name || target.startsWith(`${name}/`));
  const api = allow(...pure, 'worker/', 'api/', ...PORTS, ...RELAY, 'store/memory-store.ts');
  expect(findBreaches(sourcesIn('worker'), (target) => isLibrary(target) || allowed(target))).toEqual([]);
  // Without a store the client keeps its tasks in memory.
  expect(findBreaches(sourcesIn('api'), (target) => isLibrary(target) || api(target))).toEqual([]);
});

test('stores and connections import nothing of worker and api but the public interfaces', () => {
  const allowed = allow(
    'task/',
    'machine/',
    'protocol/',
    'store/',
    'connect/',
    'clock.ts',
    'errors.ts',
    'api/client-api.ts',
  );
  const sources = [...sourcesIn('store'), ...sourcesIn('connect')];
  expect(findBreaches(sources, (target) => !target.startsWith('packages/') || allowed(target))).toEqual([]);
});

test('transport and routes import api and worker, but no SDK and no node module', () => {
  const allowed = allow('task/', 'errors.ts', 'api/', 'worker/', ...PORTS, 'transport/', 'routes/');
  const sources = [...sourcesIn('transport'), ...sourcesIn('routes')];
  expect(sources.length).toBeGreaterThan(8);
  expect(findBreaches(sources, allowed)).toEqual([]);
});

test("the client's root entry imports no node module and no SDK", () => {
  const byPath = new Map(client.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const target of byPath.get(path)?.imports ?? []) {
      if (target.startsWith('packages/')) visit(target);
      else outside.add(target);
    }
  };
  visit('packages/client/src/index.ts');
  expect(seen.size).toBeGreaterThan(20);
  expect([...outside].filter((name) => /^(node:|@modelcontextprotocol|libsql)/.test(name))).toEqual([]);
});

test('the code for A2A agents loads on first use: neither the root entry nor connect imports it statically', () => {
  const byPath = new Map(client.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const source = byPath.get(path);
    if (source === undefined || seen.has(path)) return;
    seen.add(path);
    for (const [, target = ''] of codeOf(source.text).matchAll(
      /^(?:import|export)(?! type )[^;]*?from '(\.[^']+)'/gm,
    )) {
      visit(relative(root, resolve(root, path, '..', target)));
    }
  };
  for (const entry of ['index.ts', 'connect/connect.ts']) visit(`packages/client/src/${entry}`);
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((path) => path.includes('/a2a/'))).toEqual([]);
});

test('all HTTP requests leave the client through one stack, which a host can replace by its own fetch', () => {
  const stack = /connect\/http\/(http-stack|http-pool|proxied-fetch)\.ts$/;
  const sends = /(?<![\w.'"`]|async )fetch\(|globalThis\.fetch|import\('undici'\)|from 'node:https?'/;
  const senders = client.filter(({ text }) => sends.test(codeOf(text).replace(/^.*import type.*$/gm, '')));
  const others = senders.filter(({ path }) => !stack.test(path)).map(({ path }) => path);
  expect(senders.length).toBeGreaterThan(2);
  expect(others).toEqual([]);
});

test('pure modules use no promise, timer, clock, random value or node', () => {
  const pure = [
    ...['task', 'machine', 'protocol', 'schema'].flatMap(sourcesIn),
    ...cli.filter(({ path }) => path.includes('/live/state/')),
  ];
  const impure = /\bPromise\b|\basync\b|\bsetTimeout\b|\bsetInterval\b|Date\.now|Math\.random|'node:|\bprocess\./;
  expect(pure.length).toBeGreaterThan(10);
  expect(pure.filter((source) => impure.test(codeOf(source.text))).map(({ path }) => path)).toEqual([]);
});

test('no file of the client outside protocol names a revision in its code', () => {
  const others = client.filter(({ path }) => !/\/(protocol|testing)\//.test(path));
  expect(
    others.filter((source) => /['"`]20\d\d-\d\d-\d\d['"`]/.test(codeOf(source.text))).map(({ path }) => path),
  ).toEqual([]);
});

test('the demo server imports serve, the records and the stores of the client, and the parts of an MCP server', () => {
  const demo = cli.filter(({ path }) => path.startsWith('packages/cli/src/demo/'));
  const isAllowed = (target: string): boolean =>
    /^packages\/cli\/src\/(demo|mcp-server)\/|^@mcp-tasks\/client(\/(serve|memory-store|sqlite-store))?$/.test(
      target,
    ) ||
    (!target.startsWith('packages/') && !/^@mcp-tasks\/|^(ink|react)$/.test(target));
  expect(demo.length).toBeGreaterThan(10);
  expect(findBreaches(demo, isAllowed)).toEqual([]);
});

test('the parts of an MCP server know neither the demo nor the bridge', () => {
  const parts = cli.filter(({ path }) => path.startsWith('packages/cli/src/mcp-server/'));
  const isAllowed = (target: string): boolean =>
    /^packages\/cli\/src\/(mcp-server\/|(timers|process-clock)\.ts$)/.test(target) ||
    (!target.startsWith('packages/') && !/^@mcp-tasks\/(?!client(\/serve)?$)/.test(target));
  expect(parts.length).toBeGreaterThan(5);
  expect(findBreaches(parts, isAllowed)).toEqual([]);
});

test('serving tasks imports task alone', () => {
  expect(sourcesIn('serve').length).toBeGreaterThan(5);
  expect(findBreaches(sourcesIn('serve'), allow('task/', 'serve/'))).toEqual([]);
});

test('the command line imports the client by its name', () => {
  expect(findBreaches(cli, (target) => !target.startsWith('packages/client'))).toEqual([]);
});

test('only bin.ts and run-process.ts touch the process and its console', () => {
  const others = [...client, ...cli].filter(({ path }) => !/^packages\/cli\/src\/(bin|run-process)\.ts$/.test(path));
  const touches =
    /\bconsole\.|process\.(exit|stdout|stderr|stdin)\b|\{[^}]*\b(exit|stdout|stderr|stdin)\b[^}]*\} from 'node:process'/;
  expect(others.filter((source) => touches.test(codeOf(source.text))).map(({ path }) => path)).toEqual([]);
});

test('timers of commands, sessions, the live view, sign-ins, servers and targets run on the clock of the context', () => {
  const folders = /^packages\/cli\/src\/(auth|commands|live|mcp-server|session|targets)\//;
  const timed = cli.filter(({ path }) => folders.test(path));
  const own = /\bsetTimeout\b|\bsetInterval\b|AbortSignal\.timeout|Date\.now|node:timers/;
  expect(timed.length).toBeGreaterThan(100);
  expect(timed.filter(({ text }) => own.test(codeOf(text))).map(({ path }) => path)).toEqual([]);
});

test('a start of the command loads no code of the demo but its help', () => {
  const byPath = new Map(cli.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const source = byPath.get(path);
    if (source === undefined || seen.has(path)) return;
    seen.add(path);
    for (const [, target = ''] of codeOf(source.text).matchAll(
      /^(?:import|export)(?! type )[^;]*?from '(\.[^']+)'/gm,
    )) {
      visit(relative(root, resolve(root, path, '..', target)));
    }
  };
  visit('packages/cli/src/program.ts');
  expect(seen.size).toBeGreaterThan(5);
  const loaded = [...seen].map((path) => path.replace('packages/cli/src/', ''));
  expect(loaded.filter((path) => path.startsWith('demo/')).sort()).toEqual(['demo/chaos.ts', 'demo/help.ts']);
  expect(loaded.filter((path) => path.startsWith('live/'))).toEqual([]);
});

test('views only render: no promise, timer, clock, chance or node in them', () => {
  const views = cli.filter(({ path }) => path.includes('/live/view/'));
  const impure = /\bPromise\b|\basync\b|\bsetTimeout\b|\bsetInterval\b|Date\.now|Math\.random|'node:|\bprocess\./;
  expect(views.length).toBeGreaterThan(10);
  expect(views.filter((source) => impure.test(codeOf(source.text))).map(({ path }) => path)).toEqual([]);
});

test('no source is longer than 250 lines', () => {
  const all = [...client, ...cli, ...sourcesUnder('test').filter(({ path }) => !path.startsWith('test/dist/'))];
  const long = all.filter(({ text }) => text.split('\n').length > 251);
  expect(all.length).toBeGreaterThan(200);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('file names are kebab-case, and none is utils, helpers, types or common', () => {
  const folders = ['packages/client/src', 'packages/cli/src', 'examples', 'scripts', 'test'];
  const names = folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
    .filter((name) => !/(^|\/)(dist|node_modules)\//.test(name))
    .map((name) => basename(name))
    .filter((name) => /\.(tsx?|mjs)$/.test(name));
  expect(names.length).toBeGreaterThan(300);
  const isKebab = (name: string): boolean =>
    /^[a-z\d]+(-[a-z\d]+)*(\.properties)?(\.slow)?(\.test)?\.(tsx?|mjs)$/.test(name);
  expect(names.filter((name) => !isKebab(name))).toEqual([]);
  expect(names.filter((name) => /^(utils?|helpers?|types?|common)\b/.test(name))).toEqual([]);
});
