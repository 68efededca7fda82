import { afterAll, beforeAll, expect, test } from 'vitest';
import { countRequests } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { begin, type Demo, freshHome, serveDemo, watch } from './support/watch.ts';

let one: Demo;
let other: Demo;
beforeAll(async () => {
  one = await serveDemo(freshHome());
  other = await serveDemo(freshHome());
});
afterAll(async () => {
  await one.stop();
  await other.stop();
});

const portOf = ({ url }: Demo): string => new URL(url).host;

test('Enter is ignored in the first 400 ms of a review page, and accepts afterwards', async () => {
  const home = freshHome();
  await begin(home, one, 'release');
  await using term = watch(home, [one.url, '--keep-open']);
  await term.waitFor('1 needs input');
  term.write('a');
  await term.waitFor(/❯ Approve/);
  term.write('y');
  await term.waitFor(/yes/);
  term.press('ctrlR');
  await term.waitFor('[ Accept ]');
  term.paste('\r'); // at once, as from a key held down
  term.press('enter'); // at a person's pace: if the first one had accepted, this one would open the task in the list
  await term.waitUntilGone('[ Accept ]');
  await term.waitFor('q leave');
  expect(term.screen()).not.toContain('task id');
  await expect.poll(() => countRequests(one.store, 'tasks/update')).toBe(1);
});

test(
  verifies(
    'Q5',
    'questions of several servers are asked in the order of the list, each with its server, id and arguments',
  ),
  async () => {
    const home = freshHome();
    const first = await begin(home, one, 'release', 'version=1.0.1');
    const second = await begin(home, other, 'release', 'version=1.0.2');
    const third = await begin(home, one, 'release', 'version=1.0.3');
    await using term = watch(home, ['--keep-open'], { columns: 100 });
    await term.waitFor('3 need input');
    const rows = [third, second, first]; // newest first
    const listed = await term.waitFor((screen) => rows.every((id) => screen.includes(id)));
    expect(rows.toSorted((a, b) => listed.indexOf(a) - listed.indexOf(b))).toEqual(rows);

    term.write('a');
    const versions = ['1.0.3', '1.0.2', '1.0.1'];
    for (const [at, demo] of [one, other, one].entries()) {
      const form = await term.waitFor(`${rows[at]} · ${at + 1} of 3 left`);
      expect(form).toContain(`version=${versions[at]}`);
      expect(form).toContain(`? ${portOf(demo)} · release needs your answer`);
      if (at < 2) term.write('\u000e'); // Ctrl-N
    }
    // Declining removes the last one; the questions are counted again, and the next one keeps its place in the list.
    term.press('ctrlR');
    await term.waitFor('[ Decline ]');
    term.press('right', 'enter');
    const next = await term.waitFor('of 2 left');
    expect(next).toMatch(new RegExp(`(?:${third} · 1|${second} · 2) of 2 left`));
  },
);

test('a view with an open question stays open, even if its task was detached', async () => {
  const home = freshHome();
  const asks = await begin(home, one, 'release');
  const soon = await begin(home, one, 'batch', 'items=20');
  await using term = watch(home, [one.url, '--exit-when-done']);
  await term.waitFor('1 needs input');
  term.write('g');
  await term.waitFor(new RegExp(`❯ \\? ${asks}`));
  term.write('d');
  await term.waitFor('detached');
  await term.waitFor(new RegExp(`● ${soon}`));
  expect(term.screen()).not.toContain('Leaving in');
  expect(term.buffer()).toBe('alternate');
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
});
