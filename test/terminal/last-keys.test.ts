import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN } from '../commands/support.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { begin, type Demo, freshHome, serveDemo } from './support/watch.ts';

const STALL = resolve(import.meta.dirname, 'support/stall-close.mjs');

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

interface ViewInShell {
  readonly term: Terminal;
  /** The line that the shell read after the view. */
  readonly left: () => string;
  /** Ends the stall of a view that was started with STALL. */
  readonly go: () => void;
}

/** A shell that runs the view, then records the next line from its input. */
async function viewInShell(...flags: readonly string[]): Promise<ViewInShell> {
  const home = freshHome();
  await begin(home, demo, 'batch', 'items=3600');
  const script = `"${process.execPath}" ${flags.join(' ')} "${BIN}" watch; echo back in the shell; IFS= read -r -t 2 line; printf '[%s]' "$line" > left`;
  const go = join(home, 'go');
  const env = { HOME: home, MCP_TASKS_HOME: join(home, 'state'), GO: go };
  const term = openTerminal('bash', ['-c', script], { cwd: home, env });
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  return { term, left: () => readFileSync(join(home, 'left'), 'utf8'), go: () => writeFileSync(go, '') };
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
  const { term, left, go } = await viewInShell('--import', STALL);
  await using _ = term;
  term.paste('q');
  await term.waitFor(() => term.buffer() === 'normal');
  term.paste('rm -rf everything\r');
  go();
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
