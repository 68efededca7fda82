import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, run, serveDemo, start } from './support.ts';

test('a server that stays away is said to be away once, however often it is tried', async () => {
  let tries = 0;
  const away = createServer((_request, response) => {
    tries += 1;
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void away.close());
  const home = freshHome();
  const url = `http://127.0.0.1:${(away.address() as AddressInfo).port}/mcp`;
  const watching = start(['watch', url, '--keep-open'], { home });
  onTestFinished(() => void watching.process.kill('SIGKILL'));
  await watching.waitFor('unreachable');
  const triesOfOne = tries;
  await expect.poll(() => tries, { timeout: 60_000 }).toBeGreaterThan(triesOfOne * 3);
  expect(watching.output.stderr.match(/unreachable/g)).toHaveLength(1);
});

test('watch that finds nothing open at a server it may not enter ends as the rest does, whatever is on record', async () => {
  const home = freshHome();
  const demo = await serveDemo(home, '--token', 'sesame');
  onTestFinished(() => demo.stop());
  const env = { MY_TOKEN: 'sesame' };
  expect(await run(['call', demo.url, 'hello', '--token-env', 'MY_TOKEN'], { home, env })).toMatchObject({ code: 0 });
  const watched = await run(['watch', demo.url], { home });
  expect(watched).toMatchObject({ code: 3, stderr: expect.stringContaining('wants authentication') });
});

test('a task that began and ended between two looks at the records is told of', async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  onTestFinished(() => demo.stop());
  const watching = start(['watch', demo.url, '--keep-open', '--exec', 'exit 3'], { home });
  onTestFinished(() => void watching.process.kill('SIGKILL'));
  await watching.waitFor('connected');
  watching.process.kill('SIGSTOP');
  await run(['call', demo.url, 'check'], { home });
  watching.process.kill('SIGCONT');
  const id = await idOf(home, 'check');
  await watching.waitFor(`${id}  check on `);
  await watching.waitFor(new RegExp(`^${id}  completed, and the tool says that it failed .*: 2 of 14 rules`, 'm'));
  await watching.waitFor('--exec ended with 3: exit 3');
});

test('a command of --exec that cannot work is told of once', async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  onTestFinished(() => demo.stop());
  const watching = start(['watch', demo.url, '--keep-open', '--exec', 'no-such-program "$MCP_TASKS_ID"'], { home });
  onTestFinished(() => void watching.process.kill('SIGKILL'));
  await watching.waitFor('connected');
  await run(['call', demo.url, 'check'], { home });
  await watching.waitFor('--exec ended with 127: no-such-program "$MCP_TASKS_ID"');
  await run(['call', demo.url, 'release'], { home });
  await watching.waitFor('asks approval');
  watching.process.kill('SIGINT');
  expect((await watching.done).stderr.match(/--exec/g)).toHaveLength(1);
});
