import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, type Running, run, serveDemo, start } from './support.ts';

function watch(home: string, url: string, ...flags: readonly string[]): Running {
  const watching = start(['watch', url, '--keep-open', ...flags], { home });
  onTestFinished(() => void watching.process.kill('SIGKILL'));
  return watching;
}

/** Output of `watch` on the demo with `--exec` for tasks that need attention. */
async function watchDemo(exec: string) {
  const home = freshHome();
  const demo = await serveDemo(home);
  onTestFinished(() => demo.stop());
  const watching = watch(home, demo.url, '--exec', exec);
  await watching.waitFor('connected');
  return { home, url: demo.url, watching };
}

test('watch reports an unreachable server once, however often it retries', async () => {
  let tries = 0;
  const away = createServer((_request, response) => {
    tries += 1;
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void away.close());
  const url = `http://127.0.0.1:${(away.address() as AddressInfo).port}/mcp`;
  const watching = watch(freshHome(), url);
  await watching.waitFor('unreachable');
  const firstTries = tries;
  await expect.poll(() => tries, { timeout: 60_000 }).toBeGreaterThan(firstTries * 3);
  expect(watching.output.stderr.match(/unreachable/g)).toHaveLength(1);
});

test('watch of a server that requires a sign-in ends with 3 if no task is open, also with records of it', async () => {
  const home = freshHome();
  const demo = await serveDemo(home, '--token', 'sesame');
  onTestFinished(() => demo.stop());
  const env = { MY_TOKEN: 'sesame' };
  expect(await run(['call', demo.url, 'hello', '--token-env', 'MY_TOKEN'], { home, env })).toMatchObject({ code: 0 });
  const watched = await run(['watch', demo.url], { home });
  expect(watched).toMatchObject({ code: 3, stderr: expect.stringContaining('requires a sign-in') });
});

test('watch reports a task that began and ended between two reads of the records', async () => {
  const { home, url, watching } = await watchDemo('exit 3');
  watching.process.kill('SIGSTOP');
  await run(['call', url, 'check'], { home });
  watching.process.kill('SIGCONT');
  const id = await idOf(home, 'check');
  await watching.waitFor(`${id}  check on `);
  await watching.waitFor(new RegExp(`^${id}  completed with an error .*: 2 of 14 rules`, 'm'));
  await watching.waitFor('--exec ended with 3: exit 3');
});

test('watch reports a failing --exec command once', async () => {
  const { home, url, watching } = await watchDemo('no-such-program "$MCP_TASKS_ID"');
  await run(['call', url, 'check'], { home });
  await watching.waitFor('--exec ended with 127: no-such-program "$MCP_TASKS_ID"');
  await run(['call', url, 'release'], { home });
  await watching.waitFor('asks approval');
  watching.process.kill('SIGINT');
  expect((await watching.done).stderr.match(/--exec/g)).toHaveLength(1);
});
