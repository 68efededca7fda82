import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const client = resolve(import.meta.dirname, '../../packages/client/src');
const cli = resolve(import.meta.dirname, '../../packages/cli/src');
/** Folders about tasks without a protocol: protocol names belong to the dialects. */
const ROOMS = [
  ...['task', 'machine', 'worker', 'api', 'store'].map((room) => ({ root: client, room })),
  ...['live', 'forms', 'session'].map((room) => ({ root: cli, room })),
];
/** Sources that the live view's tests replay. */
const PLAYED = ['live/view/scenes.ts', 'live/state/play.ts', 'live/world/play-server.ts'];

/** Comments may name what they explain. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
}

const sources = ROOMS.flatMap(({ root, room }) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
    .map((name) => ({ path: `${room}/${name}`, code: codeOf(readFileSync(join(root, room, name), 'utf8')) })),
).filter(({ path }) => !PLAYED.includes(path));

/** Method names, as the dialects write them. */
const methods = ['mcp', 'mcp-2025-11-25', 'mcp-2026-07-28'].flatMap((folder) =>
  readdirSync(join(client, 'protocol', folder)).flatMap((name) => {
    const code = codeOf(readFileSync(join(client, 'protocol', folder, name), 'utf8'));
    return [...code.matchAll(/'([a-z]+(?:\/[a-z_]+)+)'/g)].map(([, method = '']) => method);
  }),
);

test('the dialects name their methods themselves', () => {
  expect(methods).toEqual(expect.arrayContaining(['tools/call', 'tasks/get', 'tasks/update', 'tasks/result']));
});

test.each<[string, RegExp]>([
  ['method', /['"`](tasks|tools|notifications|elicitation|sampling|roots|subscriptions|server|message)\/[a-z]/],
  ['method of a dialect', new RegExp(`['"\`](${[...new Set(methods)].join('|')})['"\`]`)],
  ['JSON-RPC code', /-32\d{3}\b/],
  ['revision', /20\d\d-\d\d-\d\d/],
  ['field of one protocol', /io\.modelcontextprotocol|['"`]_meta['"`]|\bresultType\b/],
])('no %s is named where tasks are driven', (_, pattern) => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path)).toEqual([]);
});

test('the live view is looked at too', () => {
  for (const room of ['live/state/', 'live/view/', 'live/world/', 'live/ink/', 'live/keys/']) {
    expect(sources.some(({ path }) => path.startsWith(room))).toBe(true);
  }
});

test('no protocol is named where tasks are driven, but for the default of a record', () => {
  const named = sources.filter(({ code }) => /['"`](mcp|a2a|jobs)['"`]/.test(code)).map(({ path }) => path);
  expect(named).toEqual(['task/record.ts']);
});

test('only the selection of dialects, and what is of one folder, imports a dialect', () => {
  const importing = sources.filter(({ code }) => /from '[./]*\/protocol\/mcp-/.test(code)).map(({ path }) => path);
  expect(importing).toEqual([]);
});
