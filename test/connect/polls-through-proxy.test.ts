import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@mcp-tasks/client/connect';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';

const URL_OF_SERVER = 'http://mcp.test/mcp';
const capabilities = { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities,
  serverInfo: { name: 'far', version: '1' },
  ttlMs: 0,
  cacheScope: 'private',
};

afterEach(() => void vi.unstubAllEnvs());

/** A proxy that is also the server; records each request. */
async function startProxy() {
  const asked: { readonly target: string; readonly method: string; readonly headers: IncomingHttpHeaders }[] = [];
  let cuts = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const { id, method, params } = JSON.parse(text);
      asked.push({ target: request.url ?? '', method, headers: request.headers });
      if (cuts > 0) {
        cuts -= 1;
        return void request.socket.destroy();
      }
      const task = { resultType: 'complete', taskId: params?.taskId, status: 'working', ttlMs: null };
      const result = method === 'server/discover' ? DISCOVERED : task;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const cutNext = (): void => {
    cuts = 1;
  };
  return { asked, stop, cutNext };
}

/** `fetch` sends this header with each request; a poll through the pool does not. */
const isByFetch = ({ headers }: { readonly headers: IncomingHttpHeaders }): boolean => 'sec-fetch-mode' in headers;

/** A connection whose polls go over the pool of the proxy from now on. */
async function connectPooled({ asked }: Awaited<ReturnType<typeof startProxy>>) {
  const connection = await connect({ kind: 'url', url: URL_OF_SERVER });
  onTestFinished(() => connection.close());
  const poll = () => connection.request('tasks/get', { taskId: 't1' });
  await vi.waitFor(
    async () => {
      expect(await poll()).toMatchObject({ taskId: 't1', status: 'working' });
      // A socket is reused only a moment after its response: open two.
      expect(asked.filter((each) => each.method === 'tasks/get' && !isByFetch(each)).length).toBeGreaterThan(2);
    },
    { timeout: 10_000 },
  );
  return poll;
}

test('polls use pooled sockets through the proxy, and a failure names the proxy', async () => {
  const proxy = await startProxy();
  const poll = await connectPooled(proxy);
  expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([URL_OF_SERVER]));
  proxy.stop();
  const failure = await poll().catch((error: Error) => error.message);
  expect(failure).toContain('the proxy of HTTP_PROXY, 127.0.0.1:');
});

test('a poll through the proxy on a closed socket is resent', async () => {
  const proxy = await startProxy();
  const poll = await connectPooled(proxy);
  const before = proxy.asked.length;
  proxy.cutNext();
  expect(await poll()).toMatchObject({ taskId: 't1', status: 'working' });
  expect(proxy.asked.length).toBe(before + 2);
});
