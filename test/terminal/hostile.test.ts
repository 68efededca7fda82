import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

/** Sequences that would act on the terminal: cursor moves, links, reordering, bell. */
const OBEYED = /\u001b\]|\u0007|[\u202a-\u202e\u2066-\u2069]/;

const expectHarmless = (term: { raw(): string }) => {
  expect(term.raw()).not.toMatch(OBEYED);
  // Our program clears the screen once, at its start.
  expect(term.raw().split('\u001b[2J')).toHaveLength(2);
};

test(
  verifies(
    'Q11',
    'escape sequences, links and bidi overrides have no effect in a row, a task, a form or the last screen',
  ),
  async () => {
    const home = freshHome();
    const id = await begin(home, demo, 'mischief', 'escapes=true', 'ask=true', 'seconds=1');
    await using term = watch(home, [demo.url, '--keep-open']);
    await term.waitFor('1 needs input');
    expect(term.screen()).toMatch(/\? (?:\w+ +)?mischief +.*\\x1b\[2JIs this fine\?/);
    term.press('enter');
    expect(await term.waitFor('task id')).toContain('\\x1b]8;;https://evil.example\\x07click');
    expect(term.screen()).toContain('\\u202egnp.exe');
    term.write('a');
    expect(await term.waitFor('needs your answer')).toContain('\\x1b[2JIs this fine?');
    expect(term.screen()).toMatch(/❯ \\x1b\[2JFine/);
    const { stdout } = await run(['get', id, '--json'], { home });
    const { task } = JSON.parse(stdout);
    expect(task.inputRequests.trick.params.message).toMatch(/^\u001b\[2J\u001b\[31mIs this fine\?\u001b\]8;;/);
    expect(task.statusMessage).toContain('\u202egnp.exe\u0007');
    term.press('escape', 'escape');
    await term.waitFor('q leave');
    term.write('q');
    await term.exited;
    expect(term.screen()).toContain(`mcp-tasks answer ${id}`);
    expectHarmless(term);
  },
);

test(verifies('Q11', 'a message of a megabyte is truncated in its row, and the form stays usable'), async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'mischief', 'longText=1000000', 'ask=true', 'seconds=1');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor('1 needs input');
  expect(term.screen()).toMatch(/\? (?:\w+ +)?mischief .* Is this fine\? long long lo.*…/);
  term.write('a');
  await term.waitFor(/needs your answer/);
  await term.waitFor(/❯ Fine/);
  term.write('y');
  await term.waitFor('(x) yes');
  term.press('enter', 'enter');
  await term.waitFor(/● (?:\w+ +)?mischief/);
  const { stdout } = await run(['result', id, '--json'], { home });
  expect(JSON.parse(stdout).outcome.result.content[0].text.length).toBeGreaterThan(1_000_000);
});
