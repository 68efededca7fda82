import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { resolveTarget, type TargetWords } from './resolve-target.ts';

const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-targets-'));
const aliases = { shop: 'https://shop.example/mcp', files: ['npx', '-y', 'files'] };
const context = {
  env: {},
  homeDirectory: home,
  cwd: home,
  platform: 'linux',
  settings: { aliases },
} as unknown as Context;

const resolve = (words: TargetWords) => resolveTarget(words, {}, context);

test.each([
  ['https://board.example/mcp', 'https://board.example/mcp'],
  ['HTTP://board.example', 'http://board.example/'],
  ['board.example', 'https://board.example/'],
  ['board.example:8080/mcp', 'https://board.example:8080/mcp'],
  ['localhost:3000/mcp', 'http://localhost:3000/mcp'],
  ['localhost', 'http://localhost/'],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000/'],
  ['[::1]:3000', 'http://[::1]:3000/'],
  ['localhost.example', 'https://localhost.example/'],
])('%s is %s: a bare host means https, a local one http', async (text, url) => {
  expect((await resolve({ text })).target).toEqual({ kind: 'url', url });
});

test('the prefix a2a: selects the protocol of a URL or a host, and stays in the command to paste', async () => {
  const { target, words } = await resolve({ text: 'a2a:agent.example' });
  expect(target).toEqual({ kind: 'url', url: 'https://agent.example/', protocol: 'a2a' });
  expect(words).toEqual(['a2a:https://agent.example/']);
});

test('the words after -- are a command', async () => {
  const { target, words } = await resolve({ command: ['npx', '-y', 'files'] });
  expect(target).toEqual({ kind: 'command', command: 'npx', args: ['-y', 'files'] });
  expect(words).toEqual(['--', 'npx', '-y', 'files']);
});

test('an alias names a target or a command, and becomes its label', async () => {
  expect(await resolve({ text: 'shop' })).toMatchObject({ label: 'shop', target: { url: aliases.shop } });
  expect(await resolve({ text: 'files' })).toMatchObject({ label: 'files', target: { command: 'npx' } });
});

test.each<[TargetWords, string, string]>([
  [{}, 'usage', 'No target given'],
  [{ text: 'board', command: ['npx'] }, 'usage', 'Two targets: board, and the command after --'],
  [{ text: 'files', command: ['npx'] }, 'usage', 'Two targets: files, and the command after --'],
  [{ text: 'ftp://board.example' }, 'target-invalid', 'ftp: is not supported'],
  [{ text: 'https://' }, 'target-invalid', '"https://" is not a URL'],
  [{ text: 'https://ada:pw@board.example' }, 'target-invalid', 'The URL holds a password, and URLs are recorded'],
  [{ text: 'https://ada@board.example' }, 'target-invalid', 'The URL holds a password, and URLs are recorded'],
  [{ text: 'a2a:agent' }, 'target-invalid', '"agent" is not the URL of an agent'],
  [{ text: 'shopp' }, 'target-not-found', 'No server is called "shopp"'],
])('%j is refused', async (words, code, message) => {
  await expect(resolve(words)).rejects.toMatchObject({ code, message });
});
