import { ConnectionFailure, type Failure, type Target, TaskError } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { serveHttp } from './support.ts';

async function refusalOf(target: Target, options = {}): Promise<{ code: string; message: string; hint?: string }> {
  const error = await connect(target, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TaskError);
  const { code, message, hint } = error as TaskError;
  expect(message).not.toContain('\n');
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function script(source: string): Target {
  return { kind: 'command', command: process.execPath, args: ['-e', source] };
}

async function serve(listener: Parameters<typeof serveHttp>[0]): Promise<string> {
  const server = await serveHttp(listener);
  onTestFinished(() => server.stop());
  return server.url;
}

test('a closed port is unreachable with the reason "connection refused"', async () => {
  const url = `http://127.0.0.1:${await freePort()}/mcp`;
  expect(await refusalOf({ kind: 'url', url })).toEqual({
    code: 'unreachable',
    message: `${url} cannot be reached: connection refused`,
    hint: expect.any(String),
  });
});

test('a web page is no MCP server', async () => {
  const url = await serve((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Welcome</title>');
  });
  expect(await refusalOf({ kind: 'url', url })).toEqual({
    code: 'invalid-response',
    message: `${url} answers with an HTML page, not MCP`,
    hint: expect.stringContaining('/mcp'),
  });
});

test('JSON that is no JSON-RPC is refused', async () => {
  const url = await serve((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"hello":"world"}');
  });
  expect(await refusalOf({ kind: 'url', url })).toMatchObject({
    code: 'invalid-response',
    message: `${url} answers with a body that is not JSON-RPC`,
  });
});

test.each([
  [401, 'auth-required', 'requires a sign-in (HTTP 401)'],
  [403, 'invalid-response', 'answers HTTP 403'],
  [404, 'invalid-response', 'answers HTTP 404, not MCP'],
  [429, 'unreachable', 'answers HTTP 429'],
  [503, 'unreachable', 'answers HTTP 503'],
])('HTTP %i while connecting is %s', async (status, code, reason) => {
  const url = await serve((_, response) => {
    response.statusCode = status;
    response.end();
  });
  expect(await refusalOf({ kind: 'url', url })).toMatchObject({ code, message: `${url} ${reason}` });
});

test('connecting to a server that never replies times out', async () => {
  const url = await serve(() => undefined);
  expect(await refusalOf({ kind: 'url', url }, { timeoutMs: 400 })).toMatchObject({
    code: 'unreachable',
    message: `${url} did not answer within 0.4 s`,
  });
});

test('connecting ends when its signal aborts', async () => {
  const abort = new AbortController();
  const url = await serve(() => abort.abort());
  expect(await refusalOf({ kind: 'url', url }, { signal: abort.signal })).toMatchObject({ code: 'aborted' });
});

test('an error shows a URL without its secrets', async () => {
  const port = await freePort();
  const refusal = await refusalOf({
    kind: 'url',
    url: `http://ada:hunter2@127.0.0.1:${port}/mcp?api_key=s3cret&team=7`,
  });
  expect(refusal.message).toBe(`http://127.0.0.1:${port}/mcp?team=7 cannot be reached: connection refused`);
});

test('a command that does not exist is not found', async () => {
  expect(await refusalOf({ kind: 'command', command: 'no-such-command', args: [] })).toEqual({
    code: 'target-not-found',
    message: 'The command no-such-command was not found',
    hint: expect.any(String),
  });
});

test('a working directory that does not exist is named', async () => {
  const refusal = await refusalOf({ kind: 'command', command: process.execPath, args: [], cwd: '/no/such' });
  expect(refusal).toMatchObject({ code: 'target-not-found', message: expect.stringContaining('/no/such') });
});

test('the error for a server that dies at startup quotes its stderr', async () => {
  const refusal = await refusalOf(script('console.error("DATABASE_URL is not set"); process.exit(3)'));
  expect(refusal).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/did not start a server, it ended with code 3: DATABASE_URL is not set$/),
  });
});

test('connecting to a command that never replies times out', async () => {
  expect(await refusalOf(script('setInterval(() => {}, 1000)'), { timeoutMs: 600 })).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('did not answer within 0.6 s'),
  });
});

/** A minimal 2025-11-25 handshake; every later request goes to `answer`. */
async function servePartly(answer: Parameters<typeof serveHttp>[0]): Promise<string> {
  return serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { id, method } = JSON.parse(body || '{}');
      if (request.method !== 'POST' || method === 'server/discover') return response.writeHead(405).end();
      if (id === undefined) return response.writeHead(202).end();
      if (method !== 'initialize') return answer(request, response);
      response.setHeader('mcp-session-id', 'one');
      response.setHeader('content-type', 'application/json');
      const serverInfo = { name: 'partly', version: '1' };
      const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
      return response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
}

async function failureOf(answer: Parameters<typeof serveHttp>[0], options = {}): Promise<Failure> {
  const connection = await connect({ kind: 'url', url: await servePartly(answer) });
  onTestFinished(() => connection.close());
  const error = await connection.request('tasks/get', { taskId: 'x' }, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConnectionFailure);
  return (error as ConnectionFailure).failure;
}

test('each way a request can fail has its own failure kind', async () => {
  const status = (code: number, headers = {}) =>
    failureOf((_, response) => {
      response.writeHead(code, headers).end();
    });
  expect(await status(429, { 'retry-after': '7' })).toMatchObject({ kind: 'http', status: 429, retryAfterMs: 7000 });
  // An HTTP date has whole seconds: one hour from now, less the duration of the request.
  const later = Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000;
  const dated = await status(503, { 'retry-after': new Date(later).toUTCString() });
  expect(dated).toMatchObject({ kind: 'http', status: 503, retryAfterMs: expect.any(Number) });
  const retryAfterMs = dated.kind === 'http' ? (dated.retryAfterMs ?? 0) : 0;
  expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  expect(retryAfterMs).toBeGreaterThanOrEqual(later - Date.now());
  expect(await status(502)).toMatchObject({ kind: 'http', status: 502 });
  expect(await status(401)).toMatchObject({ kind: 'auth' });
  expect(await status(404)).toMatchObject({ kind: 'session-gone' });
  expect(await failureOf((request) => void request.socket.destroy())).toMatchObject({ kind: 'transport' });
  expect(await failureOf((_, response) => void response.setHeader('content-type', 'text/html').end('<p>'))).toEqual({
    kind: 'invalid',
    message: 'it answers with an HTML page, not MCP',
  });
  expect(
    await failureOf((_, response) => void response.setHeader('content-type', 'application/json').end('{')),
  ).toEqual({
    kind: 'invalid',
    message: 'it answers with a body that is not JSON-RPC',
  });
  expect(await failureOf(() => undefined, { timeoutMs: 100 })).toMatchObject({ kind: 'timeout' });
  expect(await failureOf(() => undefined, { signal: AbortSignal.timeout(100), timeoutMs: null })).toMatchObject({
    kind: 'aborted',
  });
});

test('a reply cut off in its stream is a transport failure', async () => {
  const failure = await failureOf((request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.write(': wait\n\n', () => request.socket.destroy());
  });
  expect(failure).toEqual({ kind: 'transport', message: 'the response was cut off' });
});
