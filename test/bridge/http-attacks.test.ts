import { statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bridgedDemo, connectHost, type HttpBridge, run, startHttpBridge } from './support.ts';

const bridged = bridgedDemo('0.05');
let bridge: HttpBridge;
beforeAll(async () => {
  bridge = await startHttpBridge(bridged);
});
afterAll(() => bridge.stop());

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'attacker', version: '1' } },
};

interface Attack {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a raw request: `fetch` would set Host and normalize the path. */
function attack({ path = '/mcp', method = 'POST', headers = {}, body = JSON.stringify(INITIALIZE) }: Attack) {
  const { port } = new URL(bridge.url);
  const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  return new Promise<number>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { ...usual, ...headers } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });
}

const token = (): Record<string, string> => ({ authorization: `Bearer ${bridge.token}` });

test('a request from this machine with the token is served', async () => {
  expect(await attack({ headers: token() })).toBe(200);
});

test.each<[string, Record<string, string>]>([
  ['no token', {}],
  ['an empty token', { authorization: 'Bearer ' }],
  ['another token', { authorization: 'Bearer 0123456789abcdef0123456789abcdef' }],
  ['another scheme', { authorization: 'Basic 0123456789abcdef' }],
])('a request with %s is refused, in every method', async (_, headers) => {
  for (const method of ['POST', 'GET', 'DELETE'])
    expect([method, await attack({ method, headers })]).toEqual([method, 401]);
});

test.each([
  ['a page that reaches the bridge under a foreign host name', { host: 'evil.example' }],
  ['a page of another site', { origin: 'https://evil.example' }],
  ['a page with a null origin', { origin: 'null' }],
  ['a page of a site whose name begins like ours', { origin: 'http://localhost.evil.example' }],
])('%s is refused even with the token', async (_, headers) => {
  expect(await attack({ headers: { ...token(), ...headers } })).toBe(403);
});

test('any other path and an unknown session are not found', async () => {
  expect(await attack({ path: '/', headers: token() })).toBe(404);
  expect(await attack({ path: '//', headers: token() })).toBe(404);
  expect(await attack({ path: '/mcp/../token', headers: token() })).toBe(404);
  expect(await attack({ method: 'GET', headers: { ...token(), 'mcp-session-id': 'guessed' } })).toBe(404);
  expect(await attack({ method: 'PUT', headers: token() })).toBe(405);
});

test('a body that is too large or not JSON is refused, and the bridge keeps serving', async () => {
  expect(await attack({ headers: token(), body: `"${'a'.repeat(5 * 1024 * 1024)}"` }).catch(() => 413)).toBe(413);
  expect(await attack({ headers: token(), body: '{' })).toBe(400);
  const host = await connectHost(bridge);
  expect((await host.listTools()).tools.length).toBeGreaterThan(3);
  await host.close();
});

test('the bridge listens on loopback only', async () => {
  const { hostname, port } = new URL(bridge.url);
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

test('the token appears in no output, only in a file that this user alone can read', () => {
  const { stdout, stderr } = bridge.running.output;
  expect(stdout + stderr).not.toContain(bridge.token);
  const file = /in (\S+\.http-token)/.exec(stderr)?.[1] ?? '';
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, '..')).mode & 0o077).toBe(0);
});

test.each([
  [['--http', '70000'], '--http takes a port'],
  [['--http', '--http-token-env', 'SHORT'], 'can be guessed'],
])('%j is refused', async (flags, reason) => {
  const refused = await run(['bridge', 'demo', ...flags], { home: bridged.home, env: { SHORT: 'secret' } });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(reason);
});

test('a port in use is refused with an error that names it', async () => {
  const { port } = new URL(bridge.url);
  const refused = await run(['bridge', ...['--http', port], ...bridged.target], bridged);
  expect(refused.stderr).toContain(`Port ${port} is taken`);
});

test('a token file with a token that can be guessed is refused', async () => {
  const file = /in (\S+\.http-token)/.exec(bridge.running.output.stderr)?.[1] ?? '';
  writeFileSync(file, 'short');
  const refused = await run(['bridge', '--http', '0', ...bridged.target], bridged);
  writeFileSync(file, bridge.token);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('can be guessed');
});
