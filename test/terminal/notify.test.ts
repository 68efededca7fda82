import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, type Demo, freshHome, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('--notify tells the terminal which task asks, and says nothing without the flag', async () => {
  const home = freshHome();
  await using quiet = watch(home, [demo.url]);
  await using told = watch(home, [demo.url, '--notify']);
  await told.waitFor('connected');
  await quiet.waitFor('connected');
  const id = await begin(home, demo, 'release');
  await told.waitFor('needs input');
  await expect.poll(() => told.raw()).toContain(`\u001b]9;release on`);
  expect(told.raw()).toMatch(new RegExp(`\u001b\\]9;release on [^\u0007]*\\(${id}\\) needs input: Release `));
  await quiet.waitFor('needs input');
  expect(quiet.raw()).not.toContain('\u001b]9;');
});
