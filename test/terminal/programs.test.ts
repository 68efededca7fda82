import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminal } from '../commands/support.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

/** Writes a program for an environment variable such as PAGER. */
function program(home: string, name: string, script: string): string {
  const path = join(home, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function reported(home: string): Promise<string> {
  const id = await begin(home, demo, 'report');
  await run(['wait', id], { home });
  return id;
}

test('v shows the whole result in the pager, which owns the terminal and Ctrl-C until it exits', async () => {
  const home = freshHome();
  await reported(home);
  const PAGER = program(
    home,
    'pager',
    `cat > seen.txt; trap 'echo PAGER HEARD' INT; echo PAGER SHOWS; read line; read line; exit 0`,
  );
  await using term = watch(home, [demo.url], { env: { PAGER: `${PAGER} --flag` } });
  await term.waitFor(/● (?:\w+ +)?report/);
  term.press('enter');
  await term.waitFor('Esc back');
  term.write('v');
  await term.waitFor('PAGER SHOWS');
  term.press('ctrlC');
  term.paste('\r');
  term.paste('\r');
  await term.waitFor('Esc back');
  expect(readFileSync(join(home, 'seen.txt'), 'utf8')).toContain('Singapore is the slowest region');
});

test('s saves the result in the current directory, and overwrites no file', async () => {
  const home = freshHome();
  const id = await reported(home);
  await using term = watch(home, [demo.url]);
  await term.waitFor(/● (?:\w+ +)?report/);
  term.press('enter');
  await term.waitFor('Esc back');
  term.write('s');
  await term.waitFor(new RegExp(`Saved ${id}\\S*.* in ~`));
  expect(readdirSync(home).filter((name) => name.startsWith(id)).length).toBeGreaterThan(0);
  term.write('s');
  await term.waitFor(/Not saved: .*already exists and is not overwritten/);
});

test('Ctrl-X opens the field in the editor, and the field gets the edited lines', async () => {
  const home = freshHome();
  const EDITOR = program(home, 'editor', 'text=$(cat "$1"); printf "%s and\\nmore" "$text" > "$1"');
  await using term = terminal(['call', demo.url, 'echo'], { home, env: { EDITOR } });
  await term.waitFor('Ctrl-R');
  term.write('typed');
  await term.waitFor('typed');
  term.write('\x18');
  await term.waitFor('typed and');
  term.write('\x12');
  await term.waitFor('↑ edit');
  term.press('enter');
  await term.waitForOutput(/typed and\r?\n *more/);
  expect((await term.exited).code).toBe(0);
});

test("call --edit opens all arguments in the editor, prefilled with the tool's defaults", async () => {
  const home = freshHome();
  const EDITOR = program(home, 'editor', 'cp "$1" "$HOME/seen.json"; echo \'{"text":"edited whole"}\' > "$1"');
  await using term = terminal(['call', demo.url, 'echo', '--edit'], { home, env: { EDITOR } });
  expect((await term.exited).code).toBe(0);
  expect(term.scrollback()).toContain('edited whole');
  expect(JSON.parse(readFileSync(join(home, 'seen.json'), 'utf8'))).toMatchObject({ text: expect.any(String) });
});

test('a failing editor changes nothing, and its exit code is shown', async () => {
  const home = freshHome();
  const EDITOR = program(home, 'editor', 'exit 3');
  await using term = terminal(['call', demo.url, 'echo'], { home, env: { EDITOR } });
  await term.waitFor('Ctrl-R');
  term.write('typed');
  await term.waitFor('typed');
  term.write('\x18');
  await term.waitFor('ended with 3');
  expect(term.screen()).toContain('typed');
  expect(existsSync(join(home, 'seen.txt'))).toBe(false);
});
