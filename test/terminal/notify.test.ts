import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, type Demo, freshHome, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('with --notify the terminal is notified of the task that asks; without it there is no notification', async () => {
  const home = freshHome();
  await using quiet = watch(home, [demo.url]);
  await using notified = watch(home, [demo.url, '--notify']);
  await notified.waitFor('connected');
  await quiet.waitFor('connected');
  const id = await begin(home, demo, 'release');
  await notified.waitFor('needs input');
  await expect.poll(() => notified.raw()).toContain(`\u001b]9;release on`);
  expect(notified.raw()).toMatch(new RegExp(`\u001b\\]9;release on [^\u0007]*\\(${id}\\) needs input: Release `));
  await quiet.waitFor('needs input');
  expect(quiet.raw()).not.toContain('\u001b]9;');
});
