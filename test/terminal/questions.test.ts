import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

const resultOf = async (home: string, id: string) => {
  const { stdout } = await run(['result', id, '--json'], { home });
  return JSON.parse(stdout).outcome;
};

test(verifies('Q9', 'two forms with every kind of field are filled in, validated, reviewed and accepted'), async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'survey');
  await using term = watch(home, [demo.url, '--keep-open'], { rows: 30 });
  await term.waitFor('1 needs input');
  term.write('a');
  const form = await term.waitFor('1 of 2 left');
  expect(form).toContain('About you');
  expect(form).toContain('required, 2 to 40 characters');

  term.write('A\r');
  await term.waitFor('must have at least 2 characters');
  term.write('da\r');
  await term.waitFor('an e-mail address');
  expect(term.screen()).not.toContain('must have at least');
  term.write('nowhere\r');
  await term.waitFor('must be an e-mail address');
  term.press('ctrlU');
  term.write('ada@example.com\r');
  await term.waitFor(/❯ Website/);
  term.press('tab', 'tab');
  await term.waitFor(/❯ Age/);
  term.write('old\r');
  await term.waitFor('must be a whole number');
  term.press('ctrlU');
  term.write('36\r');
  await term.waitFor(/❯ Newsletter/);
  term.write('y\r');

  const review = await term.waitFor('[ Accept ]');
  expect(review).toMatch(/Name +Ada/);
  expect(review).toMatch(/Newsletter +yes/);
  expect(review).toMatch(/Website +—/);
  const accept = term.locate('[ Accept ]');
  expect(term.cell(accept.row, accept.column).inverse).toBe(true);
  term.press('up');
  await term.waitFor(/❯ Newsletter/);
  term.press('down', 'enter');

  await term.waitFor('About your visit');
  expect(term.screen()).not.toContain('left');
  term.write('2026-11-23T09:00:00Z\r');
  await term.waitFor(/❯ Rating/);
  term.press('ctrlU');
  term.write('9\r');
  await term.waitFor('must be 5 or less');
  term.press('backspace');
  term.write('3.5\r');
  await term.waitFor('( ) coffee  (x) tea');
  term.write('w\r');
  await term.waitFor(/❯ Seat/);
  term.press('right', 'right', 'enter');
  await term.waitFor(/❯ Extras/);
  term.write(' ');
  term.press('right');
  term.write(' ');
  await term.waitFor('[x] wifi  [x] lunch');
  term.press('enter');
  await term.waitFor(/❯ Topics/);
  term.press('enter');
  await term.waitFor('( ) Guest  ( ) Speaker');
  term.press('right', 'right', 'enter');
  const second = await term.waitFor('[ Accept ]');
  expect(second).toMatch(/Seat +On the aisle/);
  expect(second).toMatch(/Topics +Interfaces/);
  expect(second).toMatch(/Badge +Speaker/);
  term.press('enter');

  await term.waitFor('Thank you, Ada.');
  expect((await resultOf(home, id)).result.structuredContent).toMatchObject({
    you: { content: { name: 'Ada', email: 'ada@example.com', age: 36, newsletter: true } },
    visit: {
      content: {
        arrivedAt: '2026-11-23T09:00:00Z',
        rating: 3.5,
        drink: 'water',
        seat: 'aisle',
        extras: ['wifi', 'lunch'],
        topics: ['api'],
        badge: 's',
      },
    },
  });
});

test.each([
  ['Decline', 1, 'decline'],
  ['Dismiss', 2, 'cancel'],
] as const)('%s is a separate choice, and sends no typed input', async (name, steps, action) => {
  const home = freshHome();
  const id = await begin(home, demo, 'release');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor('1 needs input');
  term.write('ay\r');
  await term.waitFor(/❯ Note/);
  term.write('secret');
  await term.waitFor('secret');
  term.press('enter');
  await term.waitFor('[ Accept ]');
  for (let step = 0; step < steps; step++) term.press('right');
  await term.waitFor(action === 'decline' ? 'Answers 127.0.0.1' : 'The task is not cancelled');
  const choice = term.locate(`[ ${name} ]`);
  expect(term.cell(choice.row, choice.column).inverse).toBe(true);
  term.press('enter');
  await term.waitFor(/● (?:\w+ +)?release/);
  // The row truncates the text; the page of the task shows all of it.
  term.press('enter');
  await term.waitFor(`the approval was answered with "${action}"`);
  const outcome = await resultOf(home, id);
  expect(outcome.status).toBe('completed');
  expect(JSON.stringify(outcome)).not.toContain('secret');
});

test('Esc leaves a question open and keeps the typed input; after q the question is still open', async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'release');
  await using term = watch(home, [demo.url]);
  await term.waitFor('1 needs input');
  term.write('a\rmaybe');
  await term.waitFor('maybe');
  term.press('escape');
  await term.waitFor('1 needs input');
  term.write('a');
  await term.waitFor('maybe');
  term.press('escape');
  await term.waitFor('q leave');
  term.write('q');
  await term.exited;
  expect(term.screen()).toContain(`mcp-tasks answer ${id}`);
  const { stdout } = await run(['get', id, '--json'], { home });
  expect(JSON.parse(stdout).task.status).toBe('input_required');
});

test(
  verifies(
    'Q4',
    'an answer is refused when the question changed under its key; both are shown, and the new one can be answered',
  ),
  async () => {
    const home = freshHome();
    const id = await begin(home, demo, 'mischief', 'reuseKey=true', 'seconds=1');
    await using term = watch(home, [demo.url, '--keep-open'], { rows: 40 });
    await term.waitFor('1 needs input');
    term.write('ay\r');
    await term.waitFor('[ Accept ]');
    term.press('enter');
    await term.waitFor('q leave');
    term.press('enter');
    const detail = await term.waitFor('a answers again');
    expect(detail).toMatch(/refused +trick: /);
    expect(detail).toContain('Is this fine?');
    expect(detail).toMatch(/now asks +Delete everything\?/);
    term.write('a');
    await term.waitFor(/mischief needs your answer[\s\S]*Delete everything\?/);
    term.write('\u0012');
    await term.waitFor('[ Decline ]');
    term.press('right', 'enter');
    await term.waitFor(/status +completed\n/);
    expect((await resultOf(home, id)).status).toBe('completed');
  },
);

test(
  verifies('Q10', 'a question by URL shows its host separately, opens only with o, and is answered afterwards'),
  async () => {
    const home = freshHome();
    const bin = join(home, 'bin');
    const opened = join(home, 'opened');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`);
    chmodSync(join(bin, 'xdg-open'), 0o755);
    await begin(home, demo, 'sign-in');
    await using term = watch(home, [demo.url, '--keep-open'], { env: { PATH: `${bin}:${process.env.PATH}` } });
    await term.waitFor('1 needs input');
    term.write('a');
    const page = await term.waitFor('Nothing opens by itself');
    expect(page).toMatch(/host +127\.0\.0\.1:\d+\n/);
    expect(page).toMatch(/url +http:\/\/127\.0\.0\.1:\d+\/\S+/);
    expect(() => readFileSync(opened, 'utf8')).toThrow();
    term.write('o');
    await term.waitFor('Opened in the browser');
    expect(page).toContain(readFileSync(opened, 'utf8').trim().slice(0, 40));
    term.press('right', 'enter');
    await term.waitFor('Waiting for the sign-in on the page');
  },
);
