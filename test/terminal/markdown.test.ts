import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminal } from '../commands/support.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
let id: string;
const home = freshHome();

beforeAll(async () => {
  demo = await serveDemo(freshHome());
  id = await begin(home, demo, 'report');
  await run(['wait', id], { home });
});
afterAll(() => demo.stop());

const WRITTEN = ['# Response times', '', '| Region | p95 |', '|---|---|', '| Frankfurt | 182 ms |'].join('\n');

test.each(['result', 'get', 'wait'])('%s renders Markdown on a terminal', async (command) => {
  await using term = terminal([command, id], { home });
  await term.exited;
  const shown = await term.waitForOutput('Singapore is the slowest region.');
  expect(shown).toMatch(/^Response times\n\nRegion +p95\n─+ +─+\nFrankfurt +182 ms$/m);
  const title = term.locate('Response times');
  expect(term.cell(title.row, title.column).bold).toBe(true);
});

test('a pipe, --raw, a dumb terminal and --json show the text as the server sent it', async () => {
  const written = (await run(['result', id], { home })).stdout;
  expect(written).toContain(WRITTEN);
  expect((await run(['get', id], { home })).stdout).toContain(WRITTEN);
  const [block] = JSON.parse((await run(['result', id, '--json'], { home })).stdout).outcome.result.content;
  expect(`${block.text}\n`).toBe(written);
  for (const how of [{ args: ['--raw'] }, { args: [], env: { TERM: 'dumb' } }]) {
    await using term = terminal(['result', id, ...how.args], { home, env: how.env ?? {} });
    await term.exited;
    expect(await term.waitForOutput('slowest region')).toContain(WRITTEN);
  }
});

test('the page of a task renders Markdown', async () => {
  await using term = watch(home, [demo.url]);
  await term.waitFor('report');
  term.press('enter');
  const page = await term.waitFor(/Frankfurt +182 ms[\s\S]*Singapore is the slowest region/);
  expect(page).toMatch(/^Response times\n\nRegion +p95\n─+ +─+\nFrankfurt +182 ms$/m);
  const title = term.locate('Response times');
  expect(term.cell(title.row, title.column).bold).toBe(true);
});
