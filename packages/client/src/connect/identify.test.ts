import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Target } from '../task/record.ts';
import { identify } from './identify.ts';

function command(line: string): Target {
  const [command = '', ...args] = line.split(' ');
  return { kind: 'command', command, args };
}

test('a stored URL has no user, password or key, and they do not change the fingerprint', () => {
  const open: Target = { kind: 'url', url: 'https://mcp.example.com/mcp?team=7' };
  const secret: Target = { kind: 'url', url: 'https://ada:pw@mcp.example.com/mcp?team=7&api_key=k#x' };
  expect(identify(secret)).toEqual(identify(open));
  expect(identify(open)).toMatchObject({ target: open, label: 'mcp.example.com' });
  expect(identify(open).fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('a different path, argument or directory gives a different fingerprint', () => {
  const targets: Target[] = [
    { kind: 'url', url: 'http://localhost:3000/mcp' },
    { kind: 'url', url: 'http://localhost:3000/other' },
    command('node server.js'),
    command('node server.js --verbose'),
    { kind: 'command', command: 'node', args: ['server.js'], cwd: '/srv' },
    { kind: 'host', name: 'node' },
  ];
  expect(new Set(targets.map((target) => identify(target).fingerprint)).size).toBe(targets.length);
});

test.each([
  ['npx -y @modelcontextprotocol/server-everything@2026.8.31 stdio', '@modelcontextprotocol/server-everything'],
  ['npx some-server', 'some-server'],
  ['npx -y @mcp-tasks/cli demo --stdio', '@mcp-tasks/cli'],
  ['cmd /c npx -y some-server', 'some-server'],
  ['pnpm dlx some-server@latest', 'some-server'],
  ['node --no-warnings /srv/tools/board.mjs', 'board.mjs'],
  ['uvx mcp-server-git', 'mcp-server-git'],
  ['python -m', 'python'],
  ['/usr/local/bin/github-mcp --read-only', 'github-mcp'],
  ['npx', 'npx'],
])('%s is labelled %s', (line, label) => {
  expect(identify(command(line)).label).toBe(label);
});

test('a script with a generic name is labelled by its package, or by its folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'label-'));
  await mkdir(join(folder, 'weather/dist'), { recursive: true });
  const called = (script: string) => identify({ kind: 'command', command: 'node', args: [script], cwd: folder }).label;
  expect(called('weather/dist/index.js')).toBe('weather/index.js');
  await writeFile(join(folder, 'weather/package.json'), '{ "name": "@example/weather" }');
  expect(called('weather/dist/index.js')).toBe('@example/weather');
  expect(called(join(folder, 'weather/dist/index.js'))).toBe('@example/weather');
  expect(called('weather/dist/board.mjs')).toBe('board.mjs');
  await writeFile(join(folder, 'weather/package.json'), 'broken');
  expect(called('weather/dist/index.js')).toBe('weather/index.js');
  await rm(folder, { recursive: true });
});

test('a given label and account are kept', () => {
  const identity = identify({ kind: 'url', url: 'http://localhost:3000/mcp' }, { label: 'shop', account: 'ada' });
  expect(identity).toMatchObject({ label: 'shop', account: 'ada' });
});
