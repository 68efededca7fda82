import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test.each([
  ['without marks', 'Ada\r\r\ryes\n\r'],
  ['between the marks of a terminal', '\u001b[200~Ada\r\r\ryes\n\r\u001b[201~'],
])('a paste with line breaks, %s, sends no answer', async (_how, pasted) => {
  const home = freshHome();
  const id = await begin(home, demo, 'release');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor('1 needs input');
  term.write('a');
  await term.waitFor(/❯ Approve/);
  term.write('y\r');
  await term.waitFor(/❯ Note/);
  term.write('\r');
  await term.waitFor('[ Accept ]');
  term.paste(pasted);
  term.press('escape');
  // The list: the form shows "1 needs input" too.
  await term.waitFor('a answer');
  const { stdout } = await run(['get', id, '--json'], { home });
  expect(JSON.parse(stdout).task).toMatchObject({ status: 'input_required', inputRequests: { approval: {} } });
});
