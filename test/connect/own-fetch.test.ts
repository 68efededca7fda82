import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection, JsonObject } from '@mcp-tasks/client';
import { connect, isAgent, type SignInOptions } from '@mcp-tasks/client/connect';
import { ClientCredentialsProvider } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { serveHttp } from './support.ts';

type Answer = (path: string, body: JsonObject, response: ServerResponse) => JsonObject | 'answered' | undefined;

const MARK = 'x-carried';

/** The host's own `fetch`: marks each request. */
const own: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set(MARK, 'yes');
  return fetch(input, { ...init, headers });
};

/** A server and its authorization server; `bypassed` lists the requests without the mark of the host's `fetch`. */
async function serveMarked(answer: Answer) {
  const asked: string[] = [];
  const bypassed: string[] = [];
  const server = await serveHttp(async (request, response) => {
    const { pathname: path } = new URL(request.url ?? '/', 'http://server');
    const text = await textOf(request);
    const body = text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {};
    const label = `${request.method} ${String(body.method ?? path)}`;
    asked.push(label);
    if (request.headers[MARK] === undefined) bypassed.push(label);
    const json = (given: JsonObject, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(given));
    };
    const known = authorizationReply(path, origin);
    if (known !== undefined) return json(known);
    const isOpen = path.endsWith('.json') || request.headers.authorization === 'Bearer fresh';
    if (!isOpen) return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    const given = answer(path, body, response);
    if (given !== 'answered') json(given ?? {}, given === undefined ? 404 : 200);
  });
  onTestFinished(() => server.stop());
  const { origin } = new URL(server.url);
  return { origin, asked, bypassed };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function authorizationReply(path: string, issuer: string): JsonObject | undefined {
  if (path === '/token') return { access_token: 'fresh', token_type: 'Bearer' };
  if (path !== '/.well-known/oauth-authorization-server') return undefined;
  const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
  return { issuer, ...endpoints, response_types_supported: ['code'], grant_types_supported: ['client_credentials'] };
}

const signIn = (): SignInOptions => ({
  authProvider: new ClientCredentialsProvider({ clientId: 'me', clientSecret: 's3cret' }),
});

async function openMarked(path: string, origin: string, protocol?: 'a2a'): Promise<Connection> {
  const target = { kind: 'url', url: `${origin}${path}`, ...(protocol === undefined ? {} : { protocol }) } as const;
  const connection = await connect(target, { fetch: own, ...signIn() });
  onTestFinished(() => connection.close());
  return connection;
}

function eventStream(response: ServerResponse, data: JsonObject): 'answered' {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(data)}\n\n`);
  return 'answered';
}

test("the host's fetch carries the handshake, sign-in, calls, streams and polls of a server", async () => {
  const { origin, asked, bypassed } = await serveMarked((_path, { id = null, method, params }, response) => {
    const result: JsonObject = {
      ...(params as JsonObject | undefined),
      ...{ resultType: 'complete', supportedVersions: ['2026-07-28'], ttlMs: 0, cacheScope: 'private' },
      capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
      serverInfo: { name: 'marked', version: '1' },
    };
    const message = { jsonrpc: '2.0', id, result };
    return method === 'tools/call' ? eventStream(response, message) : message;
  });
  const connection = await openMarked('/mcp', origin);
  await connection.request('tools/call', { name: 'deploy', arguments: {} });
  for (let n = 0; n < 6; n += 1) await connection.request('tasks/get', { taskId: 't' });
  for (const each of ['POST /token', 'POST server/discover', 'POST tools/call', 'POST tasks/get'])
    expect(asked).toContain(each);
  expect(bypassed).toEqual([]);
});

test("the host's fetch carries the card, sign-in, calls, streams and polls of an agent", async () => {
  const task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };
  const { origin, asked, bypassed } = await serveMarked((path, { id = null, method }, response) => {
    if (path === '/.well-known/agent-card.json') return cardOf();
    if (path !== '/agent') return undefined;
    if (method === 'SubscribeToTask') return eventStream(response, { jsonrpc: '2.0', id, result: { task } });
    return { jsonrpc: '2.0', id, result: method === 'SendMessage' ? { task } : task };
  });
  expect(await isAgent(origin, { fetch: own })).toBe(true);
  const connection = await openMarked('', origin, 'a2a');
  const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
  await connection.request('SendMessage', { message });
  for (let n = 0; n < 6; n += 1) await connection.request('GetTask', { id: 't' });
  await connection.subscribe?.(['t'], AbortSignal.timeout(10_000));
  for (const each of ['POST /token', 'POST SendMessage', 'POST GetTask', 'POST SubscribeToTask'])
    expect(asked).toContain(each);
  expect(bypassed).toEqual([]);
});

function cardOf(): JsonObject {
  const at = { url: '/agent', protocolBinding: 'JSONRPC', protocolVersion: '1.0' };
  return { name: 'Marked', version: '1', skills: [], capabilities: { streaming: true }, supportedInterfaces: [at] };
}

test("the host's fetch carries the stream and the requests of HTTP+SSE", async () => {
  let stream: ServerResponse | undefined;
  const { origin, asked, bypassed } = await serveMarked((path, { id, method }, response) => {
    if (path === '/sse') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write('event: endpoint\ndata: /messages\n\n');
      return 'answered';
    }
    const result = {
      protocolVersion: '2024-11-05',
      capabilities: { tools: {} },
      serverInfo: { name: 'old', version: '1' },
    };
    if (id !== undefined) {
      const answer = { jsonrpc: '2.0', id, result: method === 'initialize' ? result : {} };
      stream?.write(`data: ${JSON.stringify(answer)}\n\n`);
    }
    response.writeHead(202).end();
    return 'answered';
  });
  const target = { kind: 'url', url: `${origin}/sse` } as const;
  const connection = await connect(target, { fetch: own, transport: 'sse', ...signIn() });
  onTestFinished(() => connection.close());
  await connection.request('ping', {});
  for (const each of ['GET /sse', 'POST /token', 'POST initialize', 'POST ping']) expect(asked).toContain(each);
  expect(bypassed).toEqual([]);
});
