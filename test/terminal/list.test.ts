import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { begin, type Demo, freshHome, row, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
const home = freshHome();
let batch: string;
let pinned: string;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
  batch = await begin(home, demo, 'batch', 'items=3600');
  pinned = await begin(home, demo, 'batch-pinned', 'items=3600');
});
afterAll(() => demo.stop());

test('the first frame appears before the server replies', async () => {
  // Accepts connections and never replies.
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  await using term = watch(freshHome(), [`http://127.0.0.1:${port}/mcp`]);
  const screen = await term.waitFor('connecting…');
  expect(screen).toContain('q leave');
  expect(term.buffer()).toBe('alternate');
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
  silent.close();
});

test('arrows and j k move the cursor, Enter opens a task, Esc closes it', async () => {
  await using term = watch(home, []);
  const marked = async (tool: string) => {
    await term.waitFor((screen) => row(screen, '❯').includes(`${tool} `));
    const at = term.locate(`${tool} `);
    expect(term.cell(at.row, at.column).inverse).toBe(true);
  };
  await marked('batch-pinned');
  term.write('j');
  await marked('batch');
  term.press('up');
  await marked('batch-pinned');
  term.press('down', 'enter');
  const detail = await term.waitFor('task id');
  expect(detail).toContain(batch);
  expect(detail).toMatch(/history/i);
  expect(detail).toMatch(/polling +every 0\.\d+ s as the server asks/);
  term.press('left');
  expect(await term.waitFor('batch-pinned on')).toContain(pinned);
  term.press('right');
  await term.waitFor('batch on');
  term.press('escape');
  await term.waitFor('TOOL');
  term.press('end', 'home');
  await marked('batch-pinned');
});

test('a question is marked by a symbol and by words, not by colour alone', async () => {
  const asks = freshHome();
  const id = await begin(asks, demo, 'survey');
  await using term = watch(asks, [demo.url]);
  await term.waitFor('About you');
  term.locate(`? ${id}  survey`);
  const words = term.locate('1 needs input');
  expect(term.cell(words.row, words.column)).toMatchObject({ bold: true, foreground: 3 });
});

test('NO_COLOR removes the colours and keeps the symbols', async () => {
  await using term = watch(home, [], { env: { NO_COLOR: '1' } });
  await term.waitFor('batch-pinned');
  const sign = term.locate('◐');
  expect(term.cell(sign.row, sign.column).foreground).toBeUndefined();
  expect(term.raw()).not.toMatch(/\u001b\[[0-9;]*3[0-7]m/);
});

test('a terminal without Unicode receives only ASCII', async () => {
  await using term = watch(home, [], { env: { LANG: 'C', LC_ALL: 'C' } });
  await term.waitFor(/> ~ \w+ +batch-pinned/);
  term.write('q');
  await term.exited;
  expect(term.raw()).toMatch(/^[\x00-\x7f]*$/);
});

test('/ filters while typing; Enter keeps the filter, Esc clears it', async () => {
  await using term = watch(home, []);
  await term.waitFor('batch-pinned');
  term.write('/pinned');
  await term.waitFor('1 of 2');
  term.press('enter');
  await term.waitFor(/c cancel/);
  expect(term.screen()).not.toMatch(/◐ (?:\w+ +)?batch /);
  term.press('escape');
  await term.waitFor(/◐ (?:\w+ +)?batch /);
});

test('? shows the keys of the page, Esc closes it', async () => {
  await using term = watch(home, []);
  await term.waitFor('batch-pinned');
  term.write('?');
  const help = await term.waitFor('close the help');
  for (const says of ['answer', 'cancel', 'detach', 'forget', 'call a tool', 'filter']) expect(help).toContain(says);
  term.press('escape');
  await term.waitFor('TOOL');
});

test('an empty view shows the next key and the tools', async () => {
  await using term = watch(freshHome(), [demo.url]);
  const screen = await term.waitFor(/Tools of 127\.0\.0\.1:\d+: /);
  expect(screen).toContain('No tasks yet.');
  expect(screen).toContain('Press n to start a call.');
  expect(screen).toMatch(/release/);
});

test('a task that another process starts appears in the list', async () => {
  const shared = freshHome();
  await using term = watch(shared, [demo.url, '--keep-open']);
  await term.waitFor('connected');
  await run(['call', demo.url, 'report'], { home: shared });
  await term.waitFor(/● (?:\w+ +)?report/);
});

test('an unreachable server is reported, and its tasks stay in the list', async () => {
  const other = await serveDemo(freshHome(), '--port', String(await freePort()));
  const lost = freshHome();
  await begin(lost, other, 'batch', 'items=3600');
  await other.stop();
  await using term = watch(lost, []);
  await term.waitFor('unreachable');
  await term.waitFor(/◐ (?:\w+ +)?batch/);
});
