import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startCase } from '../cases/start-case.ts';
import { freshHome, run } from '../commands/support.ts';

interface SmallProxy {
  readonly url: string;
  readonly port: number;
  /** What was asked of it: method and target. */
  readonly asked: readonly string[];
}

/** Sends requests for any host to `origin`; answers CONNECT with this status. */
async function startProxy(origin: string, connectStatus = 200): Promise<SmallProxy> {
  const asked: string[] = [];
  const proxy = createServer((incoming: IncomingMessage, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { pathname } = new URL(incoming.url ?? '');
    const { method = 'GET', headers } = incoming;
    const onward = request(new URL(pathname, origin), { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  proxy.on('connect', (incoming: IncomingMessage, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 ${connectStatus} Said\r\n\r\n`);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked };
}

test('a server over http is asked through HTTP_PROXY, from the first request to the call', async () => {
  const origin = await startCase('http.mjs', 'plain');
  const { url, asked } = await startProxy(origin);
  const args = ['call', 'http://mcp.test/mcp', 'echo', '--arg', 'text=hi'];
  const { code, stdout } = await run(args, { home: freshHome(), env: { HTTP_PROXY: url } });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'echo hi\n' });
  expect(asked.filter((each) => each === 'POST http://mcp.test/mcp').length).toBeGreaterThan(2);
});

test('a host of NO_PROXY is asked directly', async () => {
  const { url, asked } = await startProxy('http://127.0.0.1:1');
  const env = { http_proxy: url, no_proxy: '.invalid' };
  const { code, stderr } = await run(['tools', 'http://mcp.invalid/mcp'], { home: freshHome(), env });
  expect({ code, asked }).toEqual({ code: 4, asked: [] });
  expect(stderr).not.toContain('proxy');
});

test('a server over https is asked through a tunnel of HTTPS_PROXY; a proxy that refuses one is named', async () => {
  const { url, port, asked } = await startProxy('http://127.0.0.1:1', 403);
  const env = { HTTPS_PROXY: url };
  const { code, stderr } = await run(['tools', 'https://mcp.test/mcp'], { home: freshHome(), env });
  expect(asked).toContain('CONNECT mcp.test:443');
  expect(code).toBe(4);
  expect(stderr).toContain(`the proxy answers HTTP 403 (through the proxy of HTTPS_PROXY, 127.0.0.1:${port})`);
});

test('a tunnel through the proxy carries TLS', async () => {
  const server = createTcpServer();
  const first = new Promise<number>((resolve) => {
    server.on('connection', (socket) => {
      socket.once('data', (data) => {
        // The proxy's own handshake first, then the first byte of TLS.
        if (!data.toString().startsWith('CONNECT mcp.test:443 ')) return resolve(-1);
        socket.once('data', (hello) => {
          resolve(hello[0] ?? -1);
          socket.destroy();
        });
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      });
      socket.on('error', () => undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const env = { https_proxy: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  const { code } = await run(['tools', 'https://mcp.test/mcp'], { home: freshHome(), env });
  expect(await first).toBe(22);
  expect(code).toBe(4);
});

test('a proxy that is not there is named, without its password', async () => {
  const env = { HTTP_PROXY: 'http://me:secret@127.0.0.1:1' };
  const { code, stderr } = await run(['tools', 'http://mcp.test/mcp'], { home: freshHome(), env });
  expect(code).toBe(4);
  expect(stderr).toContain('connection refused (through the proxy of HTTP_PROXY, 127.0.0.1:1)');
  expect(stderr).not.toContain('secret');
});

test('a server over stdio sees the variables of the proxy only where the person hands them on', async () => {
  const source = 'console.error("Error: proxy " + process.env.HTTP_PROXY); process.exit(1)';
  const command = ['--', process.execPath, '-e', source];
  const env = { HTTP_PROXY: 'http://proxy.test:1' };
  const without = await run(['tools', ...command], { home: freshHome(), env });
  expect(without.stderr).toContain('Error: proxy undefined');
  const handedOn = await run(['tools', '--env', 'HTTP_PROXY=http://proxy.test:1', ...command], {
    home: freshHome(),
    env,
  });
  expect(handedOn.stderr).toContain('Error: proxy http://proxy.test:1');
});
