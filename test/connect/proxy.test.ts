import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { visit } from '../auth/guarded-demo.ts';
import { addressOn, wide } from '../auth/sign-in.ts';
import { caseFile, startCase } from '../cases/start-case.ts';
import { freshHome, run, terminal } from '../commands/support.ts';
import { freePort } from '../support/free-port.ts';

/** A self-signed certificate of mcp.test, with its key. */
const CERTIFICATE = join(import.meta.dirname, 'mcp.test.pem');
const pem = readFileSync(CERTIFICATE);

interface SmallProxy {
  readonly url: string;
  readonly port: number;
  /** Requested methods and targets. */
  readonly asked: readonly string[];
}

/** A proxy that forwards every host to `origin` and answers CONNECT with this status. */
async function startProxy(origin: string, connectStatus = 200, plainStatus?: number): Promise<SmallProxy> {
  const asked: string[] = [];
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse, path: string): void => {
    const { method = 'GET', headers } = incoming;
    const onward = request(new URL(path, origin), { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(onward);
  };
  const proxy = createServer((incoming: IncomingMessage, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (plainStatus !== undefined) {
      outgoing.writeHead(plainStatus, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const { pathname, search } = new URL(incoming.url ?? '');
    forward(incoming, outgoing, pathname + search);
  });
  // The proxy also terminates TLS in the tunnel, with the certificate of mcp.test.
  const tunnelled = createTlsServer({ cert: pem, key: pem }, (incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    forward(incoming, outgoing, incoming.url ?? '');
  });
  proxy.on('connect', (incoming: IncomingMessage, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    socket.on('error', () => undefined);
    if (connectStatus !== 200) return socket.end(`HTTP/1.1 ${connectStatus} Said\r\n\r\n`);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    tunnelled.emit('connection', socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked };
}

test('every request to an http server goes through HTTP_PROXY', async () => {
  const origin = await startCase('http.mjs', 'plain');
  const { url, asked } = await startProxy(origin);
  const args = ['call', 'http://mcp.test/mcp', 'echo', '--arg', 'text=hi'];
  const { code, stdout } = await run(args, { home: freshHome(), env: { HTTP_PROXY: url } });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'echo hi\n' });
  expect(asked.filter((each) => each === 'POST http://mcp.test/mcp').length).toBeGreaterThan(2);
});

test('a host in NO_PROXY is reached directly', async () => {
  const { url, asked } = await startProxy('http://127.0.0.1:1');
  const env = { http_proxy: url, no_proxy: '.invalid' };
  const { code, stderr } = await run(['tools', 'http://mcp.invalid/mcp'], { home: freshHome(), env });
  expect({ code, asked }).toEqual({ code: 4, asked: [] });
  expect(stderr).not.toContain('proxy');
});

test('an https server is reached through an HTTPS_PROXY tunnel, and a proxy that refuses the tunnel is named', async () => {
  const { url, port, asked } = await startProxy('http://127.0.0.1:1', 403);
  const env = { HTTPS_PROXY: url };
  const { code, stderr } = await run(['tools', 'https://mcp.test/mcp'], { home: freshHome(), env });
  expect(asked).toContain('CONNECT mcp.test:443');
  expect(code).toBe(4);
  expect(stderr).toContain(`the proxy answers HTTP 403 (through the proxy of HTTPS_PROXY, 127.0.0.1:${port})`);
});

test.each([
  ['http', 'HTTP_PROXY'],
  ['https', 'HTTPS_PROXY'],
])('the error for a proxy that requires a user for %s names the proxy and the variable', async (scheme, variable) => {
  const { url, port } = await startProxy('http://127.0.0.1:1', 407, 407);
  const reason = `requires a user and a password (HTTP 407)`;
  const ask = (proxy: string) =>
    run(['tools', `${scheme}://mcp.test/mcp`], { home: freshHome(), env: { [variable]: proxy } });
  const without = await ask(url);
  expect(without.code).toBe(4);
  expect(without.stderr).toContain(`the proxy of ${variable}, 127.0.0.1:${port}, ${reason}`);
  expect(without.stderr).toContain(`${variable}=http://USER:PASSWORD@HOST:PORT`);
  const refused = await ask(url.replace('://', '://me:secret@'));
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain(`It rejects the user and password in ${variable}.`);
  expect(refused.stderr).not.toContain('secret');
});

test('a sign-in goes through the proxy: discovery, registration and tokens', async () => {
  const port = await freePort();
  const env = { ...process.env, ORIGIN: 'https://mcp.test' };
  const server = spawn(process.execPath, [caseFile('oauth.mjs'), 'ok', String(port)], { env });
  onTestFinished(() => void server.kill());
  await once(server.stderr, 'data');
  server.stderr.resume();
  const origin = `http://127.0.0.1:${port}`;
  const { url, asked } = await startProxy(origin, 200);
  await using screen = terminal(['call', 'https://mcp.test/mcp', 'echo'], {
    home: freshHome(),
    env: { HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: CERTIFICATE },
    ...wide,
  });
  const address = addressOn(await screen.waitFor('Waiting for the sign-in'));
  expect(address).toContain('https://mcp.test/authorize');
  await visit(address.replace('https://mcp.test', origin));
  const exit = await screen.exited;
  expect([exit.code, screen.scrollback()]).toEqual([0, expect.stringContaining('done read')]);
  expect(asked).toContain('CONNECT mcp.test:443');
  for (const path of ['GET /.well-known/oauth-authorization-server', 'POST /register', 'POST /token', 'POST /mcp']) {
    expect(asked).toContain(path);
  }
});

test('a tunnel through the proxy carries TLS', async () => {
  const server = createTcpServer();
  const first = new Promise<number>((resolve) => {
    server.on('connection', (socket) => {
      socket.once('data', (data) => {
        // The CONNECT request first, then the first byte of TLS.
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

test('an unreachable proxy is named, without its password', async () => {
  const env = { HTTP_PROXY: 'http://me:secret@127.0.0.1:1' };
  const { code, stderr } = await run(['tools', 'http://mcp.test/mcp'], { home: freshHome(), env });
  expect(code).toBe(4);
  expect(stderr).toContain('connection refused (through the proxy of HTTP_PROXY, 127.0.0.1:1)');
  expect(stderr).not.toContain('secret');
});

test('a server over stdio gets the proxy variables only through --env', async () => {
  const source = 'console.error("Error: proxy " + process.env.HTTP_PROXY); process.exit(1)';
  const command = ['--', process.execPath, '-e', source];
  const env = { HTTP_PROXY: 'http://proxy.test:1' };
  const without = await run(['tools', ...command], { home: freshHome(), env });
  expect(without.stderr).toContain('Error: proxy undefined');
  const passed = await run(['tools', '--env', 'HTTP_PROXY=http://proxy.test:1', ...command], {
    home: freshHome(),
    env,
  });
  expect(passed.stderr).toContain('Error: proxy http://proxy.test:1');
});
