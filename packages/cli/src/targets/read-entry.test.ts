import type { JsonValue } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { readEntry } from './read-entry.ts';

const url = 'https://board.example/mcp';

test.each<[string, JsonValue]>([
  ['url', { url }],
  ['serverUrl (Windsurf)', { serverUrl: url }],
  ['httpUrl (Gemini)', { httpUrl: url }],
  ['uri (goose)', { uri: url, enabled: true }],
])('a server is reached at its %s', (_, entry) => {
  expect(readEntry(entry)).toEqual({ kind: 'url', url, headers: {} });
});

test('the type of an entry chooses the transport or the protocol', () => {
  expect(readEntry({ type: 'sse', url })).toMatchObject({ transport: 'sse' });
  expect(readEntry({ type: 'a2a', url })).toMatchObject({ protocol: 'a2a' });
});

test('headers that Codex reads from the environment become variables of the entry', () => {
  const entry = { url, http_headers: { a: '1' }, env_http_headers: { b: 'B' }, bearer_token_env_var: 'TOKEN' };
  expect(readEntry(entry)).toMatchObject({ headers: { a: '1', b: `\${B}`, Authorization: `Bearer \${TOKEN}` } });
});

const command = { kind: 'command', command: 'node', args: ['a.mjs', '1'], env: {}, inherit: [] };

test.each<[string, JsonValue]>([
  ['a text with args', { command: 'node', args: ['a.mjs', 1] }],
  ['cmd (goose)', { cmd: 'node', args: ['a.mjs', '1'], enabled: true }],
  ['a list (opencode)', { type: 'local', command: ['node', 'a.mjs', '1'], enabled: true }],
  ['an object (older Zed)', { command: { path: 'node', args: ['a.mjs', '1'] } }],
])('a command is read from %s', (_, entry) => {
  expect(readEntry(entry)).toEqual(command);
});

test('the environment of a command is merged from all its names, and null counts as absent', () => {
  const entry = { command: 'node', env: { A: '1', B: null }, environment: { C: true }, envs: { D: 2 }, args: null };
  expect(readEntry(entry)).toMatchObject({ args: [], env: { A: '1', C: 'true', D: '2' } });
  const codex = { command: 'node', env_vars: ['A', { name: 'B', source: 'local' }], env_keys: ['C'] };
  expect(readEntry(codex)).toMatchObject({ inherit: ['A', 'B', 'C'] });
});

test.each<[string, JsonValue | undefined, string]>([
  ['a disabled entry', { command: 'node', disabled: true }, 'is disabled'],
  ['an entry that is not enabled', { command: 'node', enabled: false }, 'is disabled'],
  ['an extension of the host itself', { type: 'builtin', name: 'dev' }, 'is built into its host'],
  ['a platform extension of the host', { type: 'platform', name: 'dev' }, 'is built into its host'],
  ['a text', 'node', 'is not an object'],
  ['a missing entry', undefined, 'is not an object'],
  [
    'a command in a list',
    { command: ['node', 'a.mjs'] },
    'has a list as its command; write a text, and the rest in args',
  ],
  ['an entry without a command', { transport: 'stdio' }, 'has neither a command nor a url, but transport'],
  ['an empty entry', {}, 'has neither a command nor a url'],
  ['a variable that is an object', { command: 'node', env: { KEY: {} } }, 'has env.KEY that is not a text'],
  ['an environment that is a list', { command: 'node', env: [] }, 'has env that is not an object'],
  ['arguments in one text', { command: 'node', args: 'a.mjs' }, 'has args that is not a list'],
])('%s is unusable, with the reason', (_, entry, why) => {
  expect(readEntry(entry)).toEqual({ kind: 'unusable', why });
});
