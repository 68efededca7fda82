import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installCommands, isMissing, openShell, SHELLS } from '../security/shells.ts';
import type { Terminal } from '../support/terminal.ts';
import { type Demo, freshHome, idOf, run, serveDemo } from './support.ts';

let demo: Demo;
const home = freshHome();

beforeAll(async () => {
  demo = await serveDemo(home);
  await run(['call', demo.url, 'release'], { home });
  installCommands(home);
});
afterAll(() => demo.stop());

/** Types, presses Tab, and waits until the line shows this. */
async function completed(term: Terminal, typed: string, expected: string | RegExp): Promise<void> {
  term.press('ctrlU');
  term.write(`${typed}\t`);
  await term.waitFor(expected);
}

describe.each(SHELLS)('$name', (shell) => {
  test.skipIf(isMissing(shell))('completes commands, flags, ids on record, questions and known servers', async () => {
    const id = await idOf(home, 'release');
    await using term = await openShell(shell, home);
    await completed(term, 'mcp-tasks wat', /mcp-tasks watch/);
    await completed(term, 'mcp-tasks call --det', /mcp-tasks call --detach/);
    await completed(term, 'mcp-tasks answer ', `mcp-tasks answer ${id}`);
    await completed(term, `mcp-tasks answer ${id} `, `mcp-tasks answer ${id} approval`);
    await completed(term, `mcp-tasks tools ${demo.url.slice(0, 12)}`, `mcp-tasks tools ${demo.url}`);
    await completed(term, 'mcp-tasks help exi', 'mcp-tasks help exit-codes');
    await completed(term, 'mcp-tasks help pru', 'mcp-tasks help prune');
    await completed(term, `mcp-tasks logout ${demo.url.slice(0, 12)}`, `mcp-tasks logout ${demo.url}`);
    term.press('ctrlU');
    term.write('mcp-tasks wa\t');
    await term.waitFor('mcp-tasks wa');
    term.write('\t\t');
    await term.waitFor((screen) => screen.includes('watch') && screen.includes('wait'));
    term.press('ctrlU');
    expect(term.screen()).not.toContain('command not found');
  });
});
