import { afterAll, beforeAll, expect, test } from 'vitest';
import { countRequests } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

const ACTING = ['tools/call', 'tasks/update', 'tasks/cancel', 'notifications/cancelled'];
const acts = () => ACTING.map((method) => [method, countRequests(demo.store, method)]);

/** For each screen: the keys that lead to it, and the text that shows each step. */
type Step = readonly [keys: string, shown: string | RegExp];
const PLACES: readonly (readonly [place: string, steps: readonly Step[]])[] = [
  ['the list', []],
  ['the filter', [['/rel', '1 of 1']]],
  ['the help', [['?', 'close the help']]],
  ['a task', [['\r', 'task id']]],
  ['the question whether to cancel', [['c', 'y/n']]],
  ['a form', [['ay\rhalf a note', 'half a note']]],
  ['its review', [['ay\r\r', '[ Accept ]']]],
  ['the choice of a tool', [['n', /❯ .*/]]],
  [
    'the form of a call',
    [
      ['nhello', /❯ hello/],
      ['\r', 'Call hello'],
    ],
  ],
];

test.each(PLACES)(
  verifies(
    ['Q12', 'L1'],
    'Ctrl-C in %s sends nothing, prints the id, and exits with 130, even if the server no longer replies',
  ),
  async (_place, steps) => {
    const home = freshHome();
    const id = await begin(home, demo, 'release');
    await using term = watch(home, [demo.url]);
    await term.waitFor('1 needs input');
    await term.waitFor('connected');
    for (const [keys, shown] of steps) {
      term.write(keys);
      await term.waitFor(shown);
    }
    const before = acts();
    demo.hold();
    term.press('ctrlC');
    expect(await term.exited).toEqual({ code: 130, signal: undefined });
    demo.release();
    expect(term.buffer()).toBe('normal');
    expect(term.screen()).toContain(`mcp-tasks answer ${id}`);
    expect(acts()).toEqual(before);
    const { stdout } = await run(['get', id, '--json'], { home });
    expect(JSON.parse(stdout).task.status).toBe('input_required');
  },
);

test(verifies('L1', 'Ctrl-C leaves a working task running, and prints the command that waits for it'), async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'batch', 'items=3600');
  await using term = watch(home, []);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.press('ctrlC', 'ctrlC');
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
  expect(term.screen()).toContain(`mcp-tasks wait ${id}`);
  expect(term.buffer()).toBe('normal');
  expect(countRequests(demo.store, 'tasks/cancel')).toBe(0);
  const { stdout } = await run(['get', id, '--json'], { home });
  expect(JSON.parse(stdout).task.status).toBe('working');
});
