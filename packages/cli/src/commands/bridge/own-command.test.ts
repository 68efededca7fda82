import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ownCommand, typedCommand } from './own-command.ts';

/** The program in this folder, with the link that a package manager makes beside it. */
function installed(...folders: readonly string[]) {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'mcp-tasks-own-'))), ...folders, 'node_modules');
  const binPath = join(root, '@mcp-tasks', 'cli', 'bin', 'mcp-tasks.js');
  const links = join(root, '.bin');
  mkdirSync(dirname(binPath), { recursive: true });
  mkdirSync(links);
  writeFileSync(binPath, '');
  chmodSync(binPath, 0o755);
  symlinkSync(binPath, join(links, 'mcp-tasks'));
  const program = { binPath, execPath: '/usr/bin/node', platform: 'linux', env: { PATH: '/usr/bin' } } as const;
  return { program, inPath: { ...program, env: { PATH: [links, '/usr/bin'].join(delimiter) } } };
}

const NPX = { command: 'npx', args: ['-y', '@mcp-tasks/cli'] };

test.each([
  ['npx', ['.npm', '_npx', '1b2c']],
  ['pnpm dlx', ['.cache', 'pnpm', 'dlx', 'k3y', '19a']],
  ['yarn dlx', ['xfs-1a', 'dlx-4711']],
  ['bunx', ['bunx-1000-@mcp-tasks', 'cli@latest']],
])(
  "a host starts mcp-tasks through npx if %s ran it, although the runner's folder is first in PATH",
  async (_runner, folders) => {
    const { inPath } = installed(...folders);
    expect(await ownCommand(inPath)).toEqual(NPX);
    expect(await typedCommand(inPath)).toBe('npx @mcp-tasks/cli');
  },
);

test('on Windows a host starts npx through cmd, because npx is a script there', async () => {
  const { inPath } = installed('_npx', '1b2c');
  expect(await ownCommand({ ...inPath, platform: 'win32' })).toEqual({
    command: 'cmd',
    args: ['/c', 'npx', '-y', '@mcp-tasks/cli'],
  });
});

test('a host starts mcp-tasks by its name if it is in PATH, else by its path', async () => {
  const { program, inPath } = installed('lib');
  expect(await ownCommand(inPath)).toEqual({ command: 'mcp-tasks', args: [] });
  expect(await ownCommand(program)).toEqual({ command: program.execPath, args: [program.binPath] });
  expect(await typedCommand(program)).toBe('mcp-tasks');
});

test('with another mcp-tasks first in PATH, a host starts this one by its path', async () => {
  const { program } = installed('lib');
  const { inPath: other } = installed('other');
  expect(await ownCommand({ ...program, env: other.env })).toEqual({
    command: program.execPath,
    args: [program.binPath],
  });
});
