import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { BIN, type Demo, freshHome, idOf, run, serveDemo } from './support.ts';

interface Shell {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly begin: readonly string[];
}

const SHELLS: readonly Shell[] = [
  { name: 'bash', path: '/bin/bash', args: ['--norc', '-i'], begin: ['source <(mcp-tasks completion bash)'] },
  {
    name: 'zsh',
    path: '/usr/bin/zsh',
    args: ['-f', '-i'],
    begin: ['autoload -U compinit; compinit -u -D', 'source <(mcp-tasks completion zsh)'],
  },
  { name: 'fish', path: '/usr/bin/fish', args: ['--no-config', '-i'], begin: ['mcp-tasks completion fish | source'] },
];

let demo: Demo;
const home = freshHome();

beforeAll(async () => {
  demo = await serveDemo(home);
  await run(['call', demo.url, 'release'], { home });
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'mcp-tasks'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(bin, 'mcp-tasks'), 0o755);
});
afterAll(() => demo.stop());

async function open({ path, args, begin }: Shell): Promise<Terminal> {
  const env = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    HOME: home,
    MCP_TASKS_HOME: join(home, 'state'),
    PS1: '> ',
    PROMPT: '> ',
  };
  const term = openTerminal(path, args, { cwd: home, env, columns: 120, rows: 30 });
  for (const line of begin) term.write(`${line}\r`);
  term.write('echo "rea""dy"\r');
  await term.waitForOutput('\nready');
  return term;
}

/** What stands on the line after Tab, once it shows this. */
async function completed(term: Terminal, typed: string, expected: string | RegExp): Promise<void> {
  term.press('ctrlU');
  term.write(`${typed}\t`);
  await term.waitFor(expected);
}

test.each(SHELLS.filter(({ path }) => existsSync(path)))(
  '$name completes commands, flags, ids on record, questions and known servers',
  async (shell) => {
    const id = await idOf(home, 'release');
    await using term = await open(shell);
    await completed(term, 'mcp-tasks wat', /mcp-tasks watch/);
    await completed(term, 'mcp-tasks call --det', /mcp-tasks call --detach/);
    await completed(term, 'mcp-tasks answer ', `mcp-tasks answer ${id}`);
    await completed(term, `mcp-tasks answer ${id} `, `mcp-tasks answer ${id} approval`);
    await completed(term, `mcp-tasks tools ${demo.url.slice(0, 12)}`, `mcp-tasks tools ${demo.url}`);
    await completed(term, 'mcp-tasks help exi', 'mcp-tasks help exit-codes');
    await completed(term, 'mcp-tasks help pru', 'mcp-tasks help prune');
    await completed(term, `mcp-tasks logout ${demo.url.slice(0, 12)}`, `mcp-tasks logout ${demo.url}`);
    term.press('ctrlU');
    term.write('mcp-tasks w\t');
    await term.waitFor('mcp-tasks wa');
    term.write('\t\t');
    await term.waitFor((screen) => screen.includes('watch') && screen.includes('wait'));
    term.press('ctrlU');
    expect(term.screen()).not.toContain('command not found');
  },
);
