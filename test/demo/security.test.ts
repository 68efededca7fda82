import { statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type DemoOptions, type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { openJournal } from '../../packages/cli/src/demo/journal.ts';
import { freshDirectory, send } from './support.ts';

let demo: RunningDemo | undefined;
afterEach(async () => {
  await demo?.stop();
  demo = undefined;
});

async function serve(options: DemoOptions = {}): Promise<string> {
  demo = await serveDemoHttp({ speed: 0.05, ...options });
  return demo.url;
}

/** Sends a raw request: `fetch` would set Host and normalize the path. */
function raw(
  url: string,
  { path = '/mcp', method = 'POST', headers = {} }: { path?: string; method?: string; headers?: object },
): Promise<{ readonly status: number; readonly text: string }> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('the demo listens on loopback only', async () => {
  const { hostname, port } = new URL(await serve());
  expect(hostname).toBe('127.0.0.1');
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (outside === undefined) return;
  const reached = await new Promise((resolve) => {
    const socket = connect(Number(port), outside.address, () => resolve(true));
    socket.on('error', () => resolve(false));
  });
  expect(reached).toBe(false);
});

test('listening on any other address requires a token', async () => {
  await expect(serve({ host: '0.0.0.0' })).rejects.toThrow('needs a token');
  const url = await serve({ host: '0.0.0.0', token: 'secret' });
  const { port } = new URL(url);
  const answer = await send(
    `http://127.0.0.1:${port}/mcp`,
    'tools/list',
    {},
    { headers: { authorization: 'Bearer secret' } },
  );
  expect(answer.status).toBe(200);
});

test.each(['/mcp', '/sign-in/x'])('a web page cannot reach %s with a foreign host or origin', async (path) => {
  const url = await serve();
  expect((await raw(url, { path, headers: { host: 'evil.example' } })).status).toBe(403);
  expect((await raw(url, { path, headers: { origin: 'https://evil.example' } })).status).toBe(403);
  expect((await raw(url, { path, headers: { host: 'localhost' } })).status).not.toBe(403);
});

test('a request without the token is refused, in either revision', async () => {
  const url = await serve({ token: 'secret' });
  expect((await send(url, 'tools/list', {})).status).toBe(401);
  expect((await send(url, 'tools/list', {}, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await send(url, 'tools/list', {}, { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
  const initialize = (headers: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '0' } },
      }),
    });
  const refused = await initialize({});
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="mcp-tasks demo"']);
  expect((await initialize({ authorization: 'Bearer secret' })).status).toBe(200);
});

test('a body that is too large is refused, with or without a content length', async () => {
  const url = await serve();
  const answer = await send(url, 'tools/call', { name: 'echo', arguments: { text: 'x'.repeat(5_000_000) } });
  expect(answer.status).toBe(413);
  const unannounced = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: new Blob(['x'.repeat(5_000_000)]).stream(),
    duplex: 'half',
  } as RequestInit).then(
    ({ status }) => status,
    () => 'cut off',
  );
  expect([413, 'cut off']).toContain(unannounced);
});

test('the number of open tasks is limited, and a finished task makes room', async () => {
  const url = await serve({ maxOpenTasks: 2 });
  const start = () => send(url, 'tools/call', { name: 'release', arguments: {} });
  const first = await start();
  await start();
  expect((await start()).error).toMatchObject({ code: -32603, message: expect.stringContaining('2 open tasks') });
  await send(url, 'tasks/cancel', { taskId: first.result?.taskId });
  expect((await start()).result).toHaveProperty('taskId');
});

test('no path from a client leads to the file system', async () => {
  const url = await serve({ storeDirectory: freshDirectory() });
  for (const path of [
    '/../../etc/passwd',
    '/sign-in/../../../etc/passwd',
    '/sign-in/%2e%2e%2fdemo.sqlite',
    '/mcp/../demo.sqlite',
  ]) {
    const { status, text } = await raw(url, { path, method: 'GET' });
    expect([path, status]).toEqual([path, 404]);
    expect(text).not.toMatch(/root:|SQLite/);
  }
  const { result } = await send(url, 'tools/call', { name: 'import', arguments: { file: '/etc/passwd' } });
  expect(JSON.stringify(result)).not.toContain('root:');
});

test('an invalid path is not found', async () => {
  expect((await raw(await serve(), { path: '//' })).status).toBe(404);
});

test('a guessed sign-in page is not found and may run no script', async () => {
  const url = await serve();
  const response = await fetch(new URL('/sign-in/guessed', url));
  expect(response.status).toBe(404);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('ids cannot be guessed', async () => {
  const url = await serve();
  const ids = new Set<string>();
  for (let count = 0; count < 50; count += 1) {
    const { result } = await send(url, 'tools/call', { name: 'batch', arguments: {} });
    ids.add(result?.taskId as string);
  }
  expect(ids.size).toBe(50);
  for (const id of ids) expect(id).toMatch(/^[\w-]{24}$/);
});

test('the store is readable only by its user', async () => {
  const storeDirectory = freshDirectory();
  await serve({ storeDirectory });
  for (const name of ['demo.sqlite', 'tasks.db']) expect(statSync(join(storeDirectory, name)).mode & 0o777).toBe(0o600);
});

test('tasks of another version of the demo are refused and left alone', async () => {
  const storeDirectory = freshDirectory();
  const db = openJournal(storeDirectory);
  db.exec('PRAGMA user_version = 99');
  db.close();
  await expect(serve({ storeDirectory })).rejects.toThrow('of another version');
});
