import { afterAll, beforeAll, expect, test } from 'vitest';
import { countRequests, type Demo, freshHome, idOf, run, serveDemo, terminal } from '../commands/support.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('Ctrl-C in the first of several forms leaves all forms, and exits with 130', async () => {
  const home = freshHome();
  await using calling = terminal(['call', demo.url, 'survey'], { home });
  await calling.waitFor('Esc later');
  calling.press('ctrlC');
  expect(await calling.exited).toMatchObject({ code: 130 });
  const id = await idOf(home, 'survey');
  expect(calling.scrollback()).toContain(`${id}  stopped watching; the task keeps running`);

  await using answering = terminal(['answer', id], { home });
  await answering.waitFor('Esc later');
  answering.press('ctrlC');
  expect(await answering.exited).toMatchObject({ code: 130 });
  expect(answering.scrollback()).toContain(`${id}  left; nothing was sent\n`);
  expect(countRequests(demo.store, 'tasks/update')).toBe(0);
});

test('after Esc in one of several forms the next form receives the keys', async () => {
  const home = freshHome();
  await using calling = terminal(['call', demo.url, 'survey'], { home });
  await calling.waitFor('❯ Name');
  calling.press('escape');
  await calling.waitFor('❯ Arrived at');
  calling.write('noon');
  await calling.waitFor('│ noon');
  calling.press('ctrlC');
  expect(await calling.exited).toMatchObject({ code: 130 });
});

test('Esc in a form prints how to answer and how to leave, and Enter shows the form again', async () => {
  const home = freshHome();
  await using calling = terminal(['call', demo.url, 'release'], { home });
  await calling.waitFor('❯ Approve');
  calling.press('right', 'tab');
  calling.write('not yet');
  await calling.waitFor('│ not yet');
  calling.press('escape');
  await calling.waitFor(/Answer with: mcp-tasks answer \w+[^\n]*\nEnter shows the form again; Ctrl-C leaves, /);
  calling.press('enter');
  await calling.waitFor('│ not yet');
  calling.press('ctrlR');
  await calling.waitFor('Decline');
  calling.press('escape');
  await calling.waitForOutput(/Enter shows the form again[\s\S]*Enter shows the form again/);
  calling.press('ctrlC');
  expect(await calling.exited).toMatchObject({ code: 130 });
});

test('a command without an id and without a matching record prints which records are missing', async () => {
  await using tty = terminal(['result'], { home: freshHome() });
  expect(await tty.exited).toMatchObject({ code: 2 });
  expect(tty.scrollback()).toContain('error: No task on record has settled\nList what there is: mcp-tasks list --all');
});

test('wait without an id lists the open tasks, and waits for the selected one', async () => {
  const home = freshHome();
  await run(['call', demo.url, 'report'], { home });
  await run(['call', demo.url, 'batch', '--arg', 'items=3600', '--detach'], { home });
  await run(['call', demo.url, 'batch-pinned', '--arg', 'items=20', '--detach'], { home });
  const pinned = await idOf(home, 'batch-pinned');
  await using tty = terminal(['wait'], { home });
  const offered = await tty.waitFor(/Wait for which task\?[\s\S]*batch-pinned/);
  expect(offered).not.toContain('report');
  tty.write(`/pinned`);
  await tty.waitFor('1 of 2');
  tty.press('enter');
  await tty.waitFor(/Enter open/);
  tty.press('enter');
  expect(await tty.exited).toMatchObject({ code: 0 });
  expect(tty.scrollback()).toContain(`${pinned}  batch-pinned on `);
  expect(tty.scrollback()).toContain('20 items done.');
});

test('a form closes when its question is answered elsewhere, and the command reports that it sent nothing', async () => {
  const home = freshHome();
  await run(['call', demo.url, 'release', '--arg', 'version=2.4.0'], { home });
  const id = await idOf(home, 'release');
  await using tty = terminal(['answer', id], { home });
  await tty.waitFor('❯ Approve');
  expect(await run(['answer', id, '--decline'], { home })).toMatchObject({ code: 0 });
  expect(await tty.exited).toMatchObject({ code: 0 });
  expect(tty.scrollback()).toContain(`${id}  no longer asks approval; nothing was sent`);
  expect((await run(['wait', id], { home })).stdout).toContain('the approval was answered with "decline"');
});
