import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { countRequests } from '../commands/support.ts';
import { freshHome, run, serveDemo, watch } from './support/watch.ts';

/** A proxy that forwards every host to the demo until it is cut. */
async function startProxy(origin: string): Promise<{ readonly url: string; cut(): void }> {
  const sockets = new Set<Socket>();
  const proxy: Server = createServer((incoming, outgoing) => {
    const { pathname, search } = new URL(incoming.url ?? '');
    const { method = 'GET', headers } = incoming;
    const { host } = new URL(origin);
    const onward = request(
      new URL(pathname + search, origin),
      { method, headers: { ...headers, host } },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = (): void => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(cut);
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, cut };
}

test('while watch has no connection, another process answers and waits, and watch shows its updates', async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  onTestFinished(() => demo.stop());
  const [lost, good] = await Promise.all([startProxy(demo.url), startProxy(demo.url)]);
  const env = { HTTP_PROXY: good.url };
  const url = 'http://mcp.test/mcp';
  const { stdout } = await run(['call', url, 'release', '--detach', '--json'], { home, env });
  const { id } = JSON.parse(stdout).task as { id: string };
  await using term = watch(home, ['--keep-open', url], { rows: 30, columns: 110, env: { HTTP_PROXY: lost.url } });
  await term.waitFor('1 needs input');
  lost.cut();
  await term.waitFor('no answer, retrying');
  const answered = await run(['answer', id, '--accept', 'approve=true'], { home, env });
  expect(answered).toMatchObject({ code: 0 });
  expect(await run(['wait', id], { home, env })).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('strategy'),
  });
  await term.waitFor('How should it be rolled out?');
  expect(await run(['answer', id, '--accept', 'strategy=canary'], { home, env })).toMatchObject({ code: 0 });
  expect(await run(['wait', id, '--json'], { home, env })).toMatchObject({ code: 0 });
  await term.waitFor('is live on staging (canary)');
  expect(countRequests(demo.store, 'tasks/update')).toBe(2);
});
