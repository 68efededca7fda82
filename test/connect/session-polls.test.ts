import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { expect, onTestFinished, test } from 'vitest';
import { type ConnectionOptions, failureOf } from './polling-server.ts';
import { serveHttp } from './support.ts';

interface SessionPoll {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly taskId: string;
  readonly message: (result: JsonObject) => string;
  /** True for a request from the pool: `fetch` adds the header `sec-fetch-mode`. */
  readonly isPooled: boolean;
  reply(): void;
}

const WORKING = { taskId: 't', status: 'working', createdAt: '', lastUpdatedAt: '', ttl: null, pollInterval: 0 };
const ask = { taskId: 't' };
const SESSION = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } },
  serverInfo: { name: 'session', version: '1' },
};

/** A 2025-11-25 server with one session, on which the test answers requests about tasks. */
async function serveSession(answer: (poll: SessionPoll) => void, isForgotten: () => boolean = () => false) {
  const seen: SessionPoll[] = [];
  const server = await serveHttp(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString());
    if (id === undefined || method === undefined) return response.writeHead(202).end();
    const message = (result: JsonObject): string => JSON.stringify({ jsonrpc: '2.0', id, result });
    const send = (text: string): void => {
      response.setHeader('content-type', 'application/json').end(text);
    };
    if (method === 'initialize') {
      response.setHeader('mcp-session-id', 's1');
      return send(message(SESSION));
    }
    if (isForgotten()) return response.writeHead(400).end();
    if (!String(method).startsWith('tasks/')) {
      return send(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'unknown' } }));
    }
    const isPooled = request.headers['sec-fetch-mode'] === undefined;
    const { taskId } = params;
    const poll = { request, response, method, taskId, message, isPooled, reply: () => send(message(WORKING)) };
    seen.push(poll);
    return answer(poll);
  });
  onTestFinished(() => server.stop());
  return { url: server.url, seen };
}

type Session = Awaited<ReturnType<typeof serveSession>>;

/** A connection whose polls go through the pool from now on. */
async function connectPooled({ url, seen }: Session, options?: ConnectionOptions) {
  const connection = await connect({ kind: 'url', url }, options);
  onTestFinished(() => connection.close());
  // A socket is reused only a moment after its response: open two.
  while (seen.filter(({ isPooled }) => isPooled).length < 3)
    await connection.request('tasks/get', { taskId: 'warm-up' }, { stream: 'warm-up' });
  return connection;
}

/** The test answers polls of the pool; the warm-up requests before them are answered normally. */
function after(answer: (poll: SessionPoll) => void): (poll: SessionPoll) => void {
  return (poll) => (poll.taskId === 'warm-up' ? poll.reply() : answer(poll));
}

test.each(['new', 'resumed'])('a pooled poll of a %s session carries the same headers as the SDK', async (which) => {
  const server = await serveSession((poll) => poll.reply());
  const options = { headers: { 'X-Tenant': 'acme' }, authProvider: { token: async () => 'secret' } };
  const session = which === 'new' ? {} : { sessionId: 's1', revision: '2025-11-25' };
  const connection = await connectPooled(server, { ...options, ...session });
  expect(await connection.request('tasks/get', ask)).toEqual(WORKING);
  const names = ['x-tenant', 'authorization', 'content-type', 'accept', 'mcp-protocol-version', 'mcp-session-id'];
  const known = (poll: SessionPoll | undefined) =>
    Object.fromEntries([...names, 'mcp-method', 'mcp-name'].map((name) => [name, poll?.request.headers[name]]));
  const [first, last] = [server.seen[0], server.seen.at(-1)];
  expect([first?.isPooled, last?.isPooled]).toEqual([false, true]);
  expect(known(last)).toEqual(known(first));
  expect(known(last)).toMatchObject({ 'mcp-session-id': 's1', 'mcp-protocol-version': '2025-11-25' });
});

test('a 404 to a pooled poll means that the session is gone', async () => {
  const server = await serveSession(after(({ response }) => response.writeHead(404).end()));
  const connection = await connectPooled(server);
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({ kind: 'session-gone' });
});

test('a 400 to both a pooled poll and a ping means that the session is gone', async () => {
  let isForgotten = false;
  const server = await serveSession(
    (poll) => poll.reply(),
    () => isForgotten,
  );
  const connection = await connectPooled(server);
  isForgotten = true;
  expect(await failureOf(connection.request('tasks/get', ask))).toMatchObject({ kind: 'session-gone' });
});

test('the failure of a 429 to a pooled poll carries its Retry-After, and the poll is not resent', async () => {
  const server = await serveSession(after(({ response }) => response.writeHead(429, { 'retry-after': '7' }).end()));
  const connection = await connectPooled(server);
  const failure = await failureOf(connection.request('tasks/get', ask));
  expect(failure).toMatchObject({ kind: 'http', status: 429, retryAfterMs: 7_000 });
  expect(server.seen.filter(({ taskId }) => taskId === 't')).toHaveLength(1);
});

test('a question on the stream of a pooled poll carries the name of that stream', async () => {
  const question = { jsonrpc: '2.0', id: 'q1', method: 'elicitation/create', params: { message: 'Go on?' } };
  const server = await serveSession(
    after(({ response, message }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(question)}\n\ndata: ${message(WORKING)}\n\n`);
    }),
  );
  const connection = await connectPooled(server);
  const asked: unknown[] = [];
  connection.onRequest(async ({ method, stream }) => {
    asked.push([method, stream]);
    return { action: 'decline' };
  });
  expect(await connection.request('tasks/get', ask, { stream: 'mine' })).toEqual(WORKING);
  await expect.poll(() => asked).toEqual([['elicitation/create', 'mine']]);
  expect(server.seen.at(-1)).toMatchObject({ isPooled: true });
});
