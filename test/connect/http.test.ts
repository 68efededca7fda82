import { connect } from '@mcp-tasks/client/connect';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { serveRecordingProxy } from './recording-proxy.ts';
import { serveEverything, serveHttp } from './support.ts';

test('under 2026-07-28 every request names its method in the headers, and a task request its task', async () => {
  const demo = await serveDemoHttp({ speed: 0.05 });
  onTestFinished(() => demo.stop());
  const { url, seen } = await serveRecordingProxy(demo.url);
  const connection = await connect({ kind: 'url', url }, { headers: { 'x-team': 'blue' } });
  const { taskId } = (await connection.request('tools/call', { name: 'report' })) as { taskId: string };
  await connection.request('tasks/get', { taskId });
  await connection.request('tasks/cancel', { taskId });
  const headers = seen.slice(-3).map((each) => each.headers);
  const version = { 'mcp-protocol-version': '2026-07-28', 'x-team': 'blue' };
  expect(headers).toMatchObject([
    { ...version, 'mcp-method': 'tools/call', 'mcp-name': 'report' },
    { ...version, 'mcp-method': 'tasks/get', 'mcp-name': taskId },
    { ...version, 'mcp-method': 'tasks/cancel', 'mcp-name': taskId },
  ]);
  await connection.close();
});

test('closing sends no DELETE: the session and its tasks stay', async () => {
  const server = await serveEverything();
  onTestFinished(() => server.stop());
  const { url, seen } = await serveRecordingProxy(server.url);
  const connection = await connect({ kind: 'url', url });
  await connection.close();
  const again = await connect(
    { kind: 'url', url },
    {
      sessionId: connection.negotiated.sessionId ?? '',
      revision: connection.negotiated.revision,
    },
  );
  expect(await again.request('ping', {})).toEqual({});
  await again.close();
  expect(seen.some(({ method }) => method === 'DELETE')).toBe(false);
  const handshakes = seen.filter(({ headers, method }) => method === 'POST' && headers['mcp-session-id'] === undefined);
  expect(handshakes).toHaveLength(2); // `server/discover` and one initialize
});

test('a user in the URL becomes an Authorization header', async () => {
  const seen: (string | undefined)[] = [];
  const server = await serveHttp((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  onTestFinished(() => server.stop());
  await connect({ kind: 'url', url: server.url.replace('//', '//ada:s%40cret@') }).catch(() => undefined);
  expect(seen[0]).toBe(`Basic ${Buffer.from('ada:s@cret').toString('base64')}`);
});
