import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const client = resolve(import.meta.dirname, '../../packages/client/src');
const cli = resolve(import.meta.dirname, '../../packages/cli/src');
/** Protocol-independent folders: names of a protocol belong in its dialect. */
const FOLDERS = [
  ...['task', 'machine', 'worker', 'api', 'store'].map((folder) => ({ root: client, folder })),
  ...['live', 'forms', 'session'].map((folder) => ({ root: cli, folder })),
];
/** Sources that play scripted servers for the tests of the live view. */
const SCRIPTED = ['live/view/scenes.ts', 'live/state/play.ts', 'live/world/play-server.ts'];

/** The code without comments, where every name is allowed. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
}

const sources = FOLDERS.flatMap(({ root, folder }) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
    .map((name) => ({ path: `${folder}/${name}`, code: codeOf(readFileSync(join(root, folder, name), 'utf8')) })),
).filter(({ path }) => !SCRIPTED.includes(path));

/** Method names, as the dialects write them. */
const methods = ['mcp', 'mcp-2025-11-25', 'mcp-2026-07-28'].flatMap((folder) =>
  readdirSync(join(client, 'protocol', folder)).flatMap((name) => {
    const code = codeOf(readFileSync(join(client, 'protocol', folder, name), 'utf8'));
    return [...code.matchAll(/'([a-z]+(?:\/[a-z_]+)+)'/g)].map(([, method = '']) => method);
  }),
);

test('the method names of the dialects are found', () => {
  expect(methods).toEqual(expect.arrayContaining(['tools/call', 'tasks/get', 'tasks/update', 'tasks/result']));
});

test.each<[string, RegExp]>([
  ['method', /['"`](tasks|tools|notifications|elicitation|sampling|roots|subscriptions|server|message)\/[a-z]/],
  ['method of a dialect', new RegExp(`['"\`](${[...new Set(methods)].join('|')})['"\`]`)],
  ['JSON-RPC code', /-32\d{3}\b/],
  ['revision', /20\d\d-\d\d-\d\d/],
  ['field of one protocol', /io\.modelcontextprotocol|['"`]_meta['"`]|\bresultType\b/],
])('no %s is named in the protocol-independent folders', (_, pattern) => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path)).toEqual([]);
});

test('the protocol-independent folders include the live view', () => {
  for (const folder of ['live/state/', 'live/view/', 'live/world/', 'live/ink/', 'live/keys/']) {
    expect(sources.some(({ path }) => path.startsWith(folder))).toBe(true);
  }
});

test('no protocol is named in the protocol-independent folders, except for the default of a record', () => {
  const named = sources.filter(({ code }) => /['"`](mcp|a2a|jobs)['"`]/.test(code)).map(({ path }) => path);
  expect(named).toEqual(['task/record.ts']);
});

test('no protocol-independent folder imports a dialect', () => {
  const importing = sources.filter(({ code }) => /from '[./]*\/protocol\/mcp-/.test(code)).map(({ path }) => path);
  expect(importing).toEqual([]);
});
