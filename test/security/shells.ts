import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BIN } from '../commands/support.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

export interface Shell {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly begin: readonly string[];
}

/** Shells with completion, each from its Debian package; `.ci/run` installs them. */
export const SHELLS: readonly Shell[] = [
  { name: 'bash', path: '/bin/bash', args: ['--norc', '-i'], begin: ['source <(mcp-tasks completion bash)'] },
  {
    name: 'zsh',
    path: '/usr/bin/zsh',
    args: ['-f', '-i'],
    begin: ['autoload -U compinit; compinit -u -D', 'source <(mcp-tasks completion zsh)'],
  },
  { name: 'fish', path: '/usr/bin/fish', args: ['--no-config', '-i'], begin: ['mcp-tasks completion fish | source'] },
];

export const isMissing = ({ path }: Shell): boolean => !existsSync(path);

/** Commands for a test's shell: ours, and `arguments`, which writes its arguments to `seen`. */
export function installCommands(home: string): void {
  const bin = join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  const add = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  add('mcp-tasks', `exec "${process.execPath}" "${BIN}" "$@"`);
  add(
    'arguments',
    `printf '%s\\n' "$@" > "${join(home, 'seen.new')}" && mv "${join(home, 'seen.new')}" "${join(home, 'seen')}"`,
  );
}

export async function openShell({ path, args, begin }: Shell, home: string, cwd = home): Promise<Terminal> {
  const env = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    HOME: home,
    MCP_TASKS_HOME: join(home, 'state'),
    PS1: '> ',
    PROMPT: '> ',
  };
  const term = openTerminal(path, args, { cwd, env, columns: 200, rows: 30 });
  for (const line of begin) term.write(`${line}\r`);
  term.write('echo "rea""dy"\r');
  await term.waitForOutput('\nready');
  return term;
}
