import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN } from '../commands/support.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { begin, type Demo, freshHome, serveDemo } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

/** A shell that runs the view, then records the next line from its input. */
async function viewInShell(): Promise<{ readonly term: Terminal; readonly left: () => string }> {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  const script = `"${process.execPath}" "${BIN}" watch; echo back in the shell; IFS= read -r -t 2 line; printf '[%s]' "$line" > left`;
  const env = { HOME: home, MCP_TASKS_HOME: join(home, 'state') };
  const term = openTerminal('bash', ['-c', script], { cwd: home, env });
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  return { term, left: () => readFileSync(join(home, 'left'), 'utf8') };
}

test('keys pressed right after q never reach the shell', async () => {
  const { term, left } = await viewInShell();
  await using _ = term;
  term.paste('q');
  term.paste('rm -rf everything');
  await term.exited;
  expect(left()).toBe('[]');
  expect(term.screen()).not.toContain('everything');
});

test('keys typed while the view closes never reach the shell', async () => {
  const { term, left } = await viewInShell();
  await using _ = term;
  term.paste('q');
  await term.waitFor(() => term.buffer() === 'normal');
  term.paste('rm -rf everything\r');
  await term.exited;
  expect(left()).toBe('[]');
  expect(term.screen()).not.toContain('everything');
});

test('keys typed after the view has ended reach the shell', async () => {
  const { term, left } = await viewInShell();
  await using _ = term;
  term.paste('q');
  await term.waitFor('back in the shell');
  term.write('typed for the shell\r');
  await term.exited;
  expect(left()).toBe('[typed for the shell]');
});
