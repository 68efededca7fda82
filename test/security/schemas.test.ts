import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshHome, run, start, terminal } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import type { Terminal } from '../support/terminal.ts';

const server = ['--', process.execPath, fileURLToPath(new URL('./hostile-schemas.mjs', import.meta.url))];
/** Sixty letters and a mismatch: a backtracking engine would never finish. */
const LONG = `${'a'.repeat(60)}!`;

/** Ctrl-C in the form of a call leaves the call running, under the keeper of its server. */
async function leave(term: Terminal): Promise<void> {
  term.press('ctrlC');
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
}

test(verifies('S4', 'arguments that do not match a hostile pattern are refused at once'), async () => {
  const home = freshHome();
  const refused = await run(['call', 'call-pattern', '--arg', `name=${LONG}`, ...server], { home });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('name must match ^([a-z]+)+$');
  const sent = await run(['call', 'call-pattern', '--arg', `name=${'a'.repeat(60)}`, ...server], { home });
  expect(sent).toMatchObject({ code: 0, stdout: `{"name":"${'a'.repeat(60)}"}\n` });
});

test.each([
  ['doubled', 'the schema is too complex to check'],
  ['ahead', 'name: the pattern ^(?=a)a+$ cannot be matched here: it uses lookahead or lookbehind'],
])(
  verifies('S4', 'a value that cannot be checked here is reported and sent: the server decides (%s)'),
  async (tool, reason) => {
    const home = freshHome();
    const sent = await run(['call', `call-${tool}`, '--arg', 'name=bob', ...server], { home });
    expect(sent).toMatchObject({ code: 0, stdout: '{"name":"bob"}\n' });
    expect(sent.stderr).toContain(`Not checked here, the server decides: ${reason}`);
  },
);

test(verifies('S4', 'a form with an endlessly recursive schema is asked for as JSON'), async () => {
  const home = freshHome();
  await using term = terminal(['call', 'ask-endless', ...server], { home });
  await term.waitFor('a JSON object');
  await leave(term);
});

test.each(['pattern', 'doubled', 'ahead'])(
  verifies('S4', 'Ctrl-C ends a form with a hostile schema, also after an answer was entered: %s'),
  async (tool) => {
    const home = freshHome();
    await using term = terminal(['call', `ask-${tool}`, ...server], { home });
    await term.waitFor('❯ name');
    term.write(`${LONG}\r`);
    const shown = await term.waitFor(tool === 'pattern' ? 'must match' : '[ Accept ]');
    if (tool !== 'pattern') expect(shown).toContain('Not checked here, the server decides:');
    await leave(term);
  },
);

test(verifies('S4', 'SIGINT ends a call that waits at a hostile question without a terminal'), async () => {
  const running = start(['call', 'ask-pattern', '--keep-waiting', ...server], { home: freshHome() });
  await running.waitFor('Who?');
  running.process.kill('SIGINT');
  expect(await running.done).toMatchObject({ code: 130 });
});
