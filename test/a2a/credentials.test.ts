import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTaskClient, LOST_DIGITS } from '@mcp-tasks/client';
import { connect, type SignInOptions } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { ClientCredentialsProvider } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';

interface Seen {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An agent that requires this header, and an authorization server on the same host. */
async function guarded(header: readonly [string, string], card: (base: string) => object, part = '{"text":"come in"}') {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    seen.push({ path, headers: request.headers });
    request.resume();
    const json = (body: object, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (path === '/token') return json({ access_token: 'fresh', token_type: 'Bearer' });
    if (path === '/.well-known/agent-card.json') {
      const at = { url: `${base}/rpc`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' };
      return json({ name: 'Guarded', version: '1', skills: [], supportedInterfaces: [at], ...card(base) });
    }
    if (path !== '/rpc') return json({}, 404);
    if (request.headers[header[0]] !== header[1]) {
      response.setHeader('www-authenticate', 'Bearer');
      return json({ error: 'who are you?' }, 401);
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = `{"messageId":"m1","role":"ROLE_AGENT","parts":[${part}]}`;
    response.end(`{"jsonrpc":"2.0","id":1,"result":{"message":${message}}}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function call(url: string, options: SignInOptions & { readonly headers?: Record<string, string> } = {}) {
  const connection = await connect({ kind: 'url', url, protocol: 'a2a' }, options);
  const tasks = createTaskClient({ connection, store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  return acceptedCall(tasks, { name: 'send', arguments: { text: 'hello' } });
}

const inside = { kind: 'complete', result: { content: [{ type: 'text', text: 'come in' }] } };
const bearer = (): object => ({ securitySchemes: { b: { httpAuthSecurityScheme: { scheme: 'Bearer' } } } });

test('a bearer token from the headers or from the auth provider is accepted', async () => {
  const { url } = await guarded(['authorization', 'Bearer t1'], bearer);
  expect(await call(url, { headers: { Authorization: 'Bearer t1' } })).toMatchObject(inside);
  expect(await call(url, { authProvider: { token: async () => 't1' } })).toMatchObject(inside);
});

test('a call without a bearer token is refused as auth-required', async () => {
  const { url } = await guarded(['authorization', 'Bearer t1'], bearer);
  await expect(call(url)).rejects.toMatchObject({ code: 'auth-required' });
});

test.each([
  ['1.0', { apiKeySecurityScheme: { location: 'header', name: 'X-API-Key' } }],
  ['0.3', { type: 'apiKey', in: 'header', name: 'X-API-Key' }],
])('a token is sent in the API key header when a card of %s allows only keys', async (_, scheme) => {
  const { url, seen } = await guarded(['x-api-key', 't1'], () => ({ securitySchemes: { k: scheme } }));
  expect(await call(url, { headers: { Authorization: 'Bearer t1' } })).toMatchObject(inside);
  expect(seen.at(-1)?.headers.authorization).toBeUndefined();
});

test.each([
  ['1.0', (flows: object) => ({ oauth2SecurityScheme: { flows } })],
  ['0.3', (flows: object) => ({ type: 'oauth2', flows })],
])('client credentials are exchanged at the token URL of a card of %s', async (_, scheme) => {
  const { url, seen } = await guarded(['authorization', 'Bearer fresh'], (base) => ({
    securitySchemes: { o: scheme({ clientCredentials: { tokenUrl: `${base}/token`, scopes: { run: 'Run tasks' } } }) },
  }));
  const authProvider = new ClientCredentialsProvider({ clientId: 'me', clientSecret: 's3cret' });
  expect(await call(url, { authProvider })).toMatchObject(inside);
  expect(seen.filter(({ path }) => path === '/token')).toHaveLength(1);
});

test('a result names a number that lost digits', async () => {
  const { url } = await guarded(['authorization', 'Bearer t1'], bearer, '{"data":{"id":12345678901234567890}}');
  const answer = await call(url, { headers: { Authorization: 'Bearer t1' } });
  expect(answer).toMatchObject({ result: { _meta: { [LOST_DIGITS]: '12345678901234567890' } } });
});

test('credentials are not sent to another host that a card names', async () => {
  const other = await guarded(['authorization', 'Bearer t1'], bearer);
  const at = { url: `${other.url}/rpc`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' };
  const { url } = await guarded(['authorization', 'Bearer t1'], () => ({ ...bearer(), supportedInterfaces: [at] }));
  await expect(call(url, { headers: { Authorization: 'Bearer t1' } })).rejects.toMatchObject({ code: 'auth-required' });
  expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});
