import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { ClientCredentialsProvider } from '@modelcontextprotocol/client';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { failureOf } from '../connect/polling-server.ts';
import { type AgentPoll, type Binding, connectPooledAgent, servePolledAgent } from './polled-agent.ts';

const bindings: readonly Binding[] = ['JSONRPC', 'HTTP+JSON'];
const ask = { id: 't' };
const isWarmUp = ({ taskId }: AgentPoll): boolean => taskId === 'warm-up';

/** The test answers polls of the pool; the warm-up requests before them are answered normally. */
function after(answer: (poll: AgentPoll) => void): (poll: AgentPoll) => void {
  return (poll) => (isWarmUp(poll) ? poll.reply() : answer(poll));
}

afterEach(() => void vi.unstubAllEnvs());

test.each(bindings)('polls of an agent reuse open sockets, over %s', async (binding) => {
  const agent = await servePolledAgent(binding, (poll) => poll.reply());
  const connection = await connectPooledAgent(agent);
  for (let n = 0; n < 10; n += 1) expect(await connection.request('GetTask', ask)).toMatchObject(ask);
  const ports = agent.seen.filter(({ isPooled }) => isPooled).map(({ port }) => port);
  expect(ports.length).toBeGreaterThan(10);
  expect(new Set(ports).size).toBeLessThanOrEqual(2);
});

test.each(bindings)('a pooled poll of an agent carries the same headers as fetch, over %s', async (binding) => {
  const agent = await servePolledAgent(binding, (poll) => poll.reply());
  const headers = { 'X-Tenant': 'acme', 'A2A-Extensions': 'urn:x' };
  const connection = await connectPooledAgent(agent, { headers, authProvider: { token: async () => 'secret' } });
  await connection.request('GetTask', { ...ask, historyLength: 0 });
  const [first, last] = [agent.seen[0], agent.seen.at(-1)];
  const names = ['x-tenant', 'a2a-extensions', 'a2a-version', 'authorization', 'content-type', 'accept', 'user-agent'];
  const known = (poll: AgentPoll | undefined): JsonObject =>
    Object.fromEntries(names.map((name) => [name, String(poll?.request.headers[name])]));
  expect([first?.isPooled, last?.isPooled]).toEqual([false, true]);
  expect(known(last)).toEqual(known(first));
  expect(known(last)).toMatchObject({ 'x-tenant': 'acme', 'a2a-version': '1.0', authorization: 'Bearer secret' });
});

test('polls of an agent use pooled sockets through the proxy, and a failure names the proxy', async () => {
  const agent = await servePolledAgent('JSONRPC', (poll) => poll.reply());
  const targets: string[] = [];
  const proxy = createServer((request, response) => {
    targets.push(request.url ?? '');
    const path = new URL(request.url ?? '/').pathname;
    const { host: _host, ...headers } = request.headers;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const onward = httpRequest(new URL(path, agent.url), { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.end(Buffer.concat(chunks));
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const stop = (): void => {
    proxy.close();
    proxy.closeAllConnections();
  };
  onTestFinished(stop);
  const { port } = proxy.address() as AddressInfo;
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${port}`);
  const connection = await connectPooledAgent({ url: 'http://agent.test/', seen: agent.seen });
  expect(await connection.request('GetTask', ask)).toMatchObject(ask);
  expect(agent.seen.at(-1)).toMatchObject({ isPooled: true });
  expect(new Set(targets)).toEqual(
    new Set(['http://agent.test/.well-known/agent-card.json', 'http://agent.test/agent']),
  );
  stop();
  const failure = await failureOf(connection.request('GetTask', ask));
  expect(failure).toMatchObject({ message: expect.stringContaining(`the proxy of HTTP_PROXY, 127.0.0.1:${port}`) });
});

test("the host's own fetch carries every poll of an agent", async () => {
  const agent = await servePolledAgent('HTTP+JSON', (poll) => poll.reply());
  let carried = 0;
  const own: typeof fetch = (input, init) => {
    carried += 1;
    return fetch(input, init);
  };
  const connection = await connect({ kind: 'url', url: agent.url, protocol: 'a2a' }, { fetch: own });
  onTestFinished(() => connection.close());
  for (let n = 0; n < 10; n += 1) await connection.request('GetTask', ask);
  expect(carried).toBe(11);
  expect(agent.seen.some(({ isPooled }) => isPooled)).toBe(false);
});

test('a poll of an agent on a closed socket is resent', async () => {
  const agent = await servePolledAgent(
    'JSONRPC',
    after((poll) => {
      if (agent.seen.filter((each) => !isWarmUp(each)).length === 1) poll.request.socket.destroy();
      else poll.reply();
    }),
  );
  const connection = await connectPooledAgent(agent);
  expect(await connection.request('GetTask', ask)).toMatchObject(ask);
  expect(agent.seen.filter((poll) => !isWarmUp(poll)).length).toBe(2);
});

test('after a 401 to a poll of an agent the client signs in, and later polls carry the new token', async () => {
  let good = 'Bearer first';
  let granted = 0;
  const token = (path: string): JsonObject | undefined => {
    if (path === '/.well-known/oauth-authorization-server') return metadataAt(agent.url);
    if (path !== '/token') return undefined;
    granted += 1;
    return { access_token: granted === 1 ? 'first' : 'second', token_type: 'Bearer' };
  };
  const answer = (poll: AgentPoll): void => {
    if (poll.request.headers.authorization === good) return void poll.reply();
    poll.response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
  };
  const agent = await servePolledAgent('JSONRPC', answer, token);
  const authProvider = new ClientCredentialsProvider({ clientId: 'me', clientSecret: 's3cret' });
  const connection = await connectPooledAgent(agent, { authProvider });
  good = 'Bearer second';
  expect(await connection.request('GetTask', ask)).toMatchObject(ask);
  expect(await connection.request('GetTask', ask)).toMatchObject(ask);
  expect(agent.seen.at(-1)).toMatchObject({ isPooled: true, request: { headers: { authorization: good } } });
  expect(granted).toBe(2);
});

function metadataAt(base: string): JsonObject {
  const issuer = base.replace(/\/$/, '');
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ['code'],
    grant_types_supported: ['client_credentials'],
  };
}

test.each([
  ['429 with a time', 429, { 'retry-after': '7' }, '', { kind: 'http', status: 429, retryAfterMs: 7_000 }],
  ['401 without credentials', 401, {}, '', { kind: 'auth' }],
  ['a redirect to another host', 308, { location: 'http://127.0.0.1:1/' }, '', { kind: 'http', status: 308 }],
  ['a page', 200, { 'content-type': 'text/html' }, '<h1>Log in</h1>', { kind: 'invalid' }],
  ['nothing', 202, {}, '', { kind: 'invalid' }],
  [
    'a JSON-RPC error, whatever its status',
    400,
    { 'content-type': 'application/json' },
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"gone"}}',
    { kind: 'rpc', code: -32001, message: 'gone' },
  ],
] as const)('a pooled poll of an agent fails like one over fetch: %s', async (_, status, headers, text, failure) => {
  const refuse = after(({ response }) => response.writeHead(status, headers).end(text));
  const agent = await servePolledAgent('JSONRPC', refuse);
  const connection = await connectPooledAgent(agent);
  const pooled = await failureOf(connection.request('GetTask', ask));
  expect(pooled).toMatchObject(failure);
  const plain = await connect({ kind: 'url', url: agent.url, protocol: 'a2a' }, { fetch: (...all) => fetch(...all) });
  onTestFinished(() => plain.close());
  expect(await failureOf(plain.request('GetTask', ask))).toEqual(pooled);
});

test.each(['aborted', 'timeout'] as const)(
  'a poll of an agent that ends as %s also ends its request at the agent',
  async (how) => {
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const agent = await servePolledAgent(
      'JSONRPC',
      after(() => arrived()),
    );
    const connection = await connectPooledAgent(agent);
    const abort = new AbortController();
    const timeoutMs = how === 'timeout' ? 50 : 30_000;
    const failure = failureOf(connection.request('GetTask', ask, { signal: abort.signal, timeoutMs }));
    await arrival;
    const closed = once(agent.seen.at(-1)?.response ?? process, 'close');
    if (how === 'aborted') abort.abort();
    expect(await failure).toMatchObject({ kind: how });
    await closed;
  },
);

test.each(['a poll', 'a message'] as const)('%s to an agent is not sent when maySend returns false', async (what) => {
  const agent = await servePolledAgent('JSONRPC', (poll) => poll.reply());
  const connection = await connectPooledAgent(agent);
  const before = agent.seen.length;
  const message = { messageId: 'm', taskId: 't', role: 'ROLE_USER', parts: [{ text: 'eu' }] };
  const [method, params] = what === 'a poll' ? ['GetTask', ask] : ['SendMessage', { message, id: 't' }];
  const sent = failureOf(connection.request(method, params as JsonObject, { maySend: () => false }));
  expect(await sent).toMatchObject({ kind: 'aborted' });
  expect(agent.seen.length).toBe(before);
});

test('an agent that refuses one version and drops the other causes a transport failure', async () => {
  const agent = await servePolledAgent('JSONRPC', ({ method, request, response }) => {
    if (method !== 'GetTask') return void request.socket.destroy();
    const error = { code: -32601, message: 'Method not found' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id: 1, error }));
  });
  const connection = await connect({ kind: 'url', url: agent.url, protocol: 'a2a' });
  onTestFinished(() => connection.close());
  expect(await failureOf(connection.request('GetTask', ask))).toMatchObject({ kind: 'transport' });
  expect(agent.seen.map(({ method }) => method)).toEqual(['GetTask', 'tasks/get']);
});
