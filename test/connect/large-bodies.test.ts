import type { ServerResponse } from 'node:http';
import { createTaskClient, type Failure } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { serveHttp } from './support.ts';
import { connections } from './three-connections.ts';

const MEGABYTE = 'a'.repeat(1024 * 1024);
const info = { name: 'host', version: '1' };

/** A 2025-11-25 server whose replies after the handshake are written by the test. */
async function serve(answer: (id: unknown, response: ServerResponse) => void): Promise<string> {
  const server = await serveHttp((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method } = JSON.parse(body);
      if (id === undefined) return response.writeHead(202).end();
      if (method === 'server/discover') return response.writeHead(404).end();
      if (method !== 'initialize') return answer(id, response);
      response.setHeader('content-type', 'application/json');
      const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: info };
      return response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  onTestFinished(() => server.stop());
  return server.url;
}

async function pour(response: ServerResponse, megabytes: number): Promise<void> {
  response.setMaxListeners(0);
  for (let count = 0; count < megabytes && !response.destroyed; count += 1) {
    if (!response.write(MEGABYTE)) {
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }
}

async function writeText(id: unknown, response: ServerResponse, megabytes: number, asStream: boolean): Promise<void> {
  response.setHeader('content-type', asStream ? 'text/event-stream' : 'application/json');
  const start = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":"`;
  response.write(asStream ? `event: message\ndata: ${start}` : start);
  await pour(response, megabytes);
  response.end(asStream ? '"}]}}\n\n' : '"}]}}');
}

for (const asStream of [false, true]) {
  const form = asStream ? 'a stream' : 'a body';
  test.each(connections)(
    `a reply of 100 MB as ${form} over %s is a clear error that names the server`,
    async (_, open) => {
      const url = await serve((id, response) => void writeText(id, response, 100, asStream));
      const tasks = createTaskClient({ connection: await open(url), store: createMemoryStore() });
      onTestFinished(() => tasks.close());
      const { label } = tasks.connection.identity;
      await expect(acceptedCall(tasks, { name: 'deploy' })).rejects.toMatchObject({
        code: 'connection-lost',
        message: `No answer to deploy from ${label}: it sent a message of more than 64 MB`,
      });
    },
  );

  test(`a result of 20 MB as ${form} arrives whole`, async () => {
    const url = await serve((id, response) => void writeText(id, response, 20, asStream));
    const connection = await connect({ kind: 'url', url });
    onTestFinished(() => connection.close());
    const { content } = (await connection.request('tools/call', { name: 'deploy' })) as { content: { text: string }[] };
    expect(content[0]?.text.length).toBe(20 * MEGABYTE.length);
  });
}

test('a stream may exceed 64 MB in total when each of its events is small', async () => {
  const note = `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"${MEGABYTE}"}}\n\n`;
  const url = await serve(async (id, response) => {
    response.setHeader('content-type', 'text/event-stream');
    for (let count = 0; count < 80; count += 1) {
      if (!response.write(note)) await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } })}\n\n`);
  });
  const connection = await connect({ kind: 'url', url });
  onTestFinished(() => connection.close());
  expect(await connection.request('tools/call', { name: 'deploy' })).toEqual({ content: [] });
});

test.each(
  connections.flatMap(([name, open]) =>
    ['text/event-stream', 'application/json', ''].map((type) => [name, type, open] as const),
  ),
)('over %s, Retry-After is read as seconds and as a date, on a reply of type "%s"', async (_, type, open) => {
  // An HTTP date has whole seconds: one hour from now, less the duration of the request.
  const later = Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000;
  const after = ['7', new Date(later).toUTCString()];
  const url = await serve((_id, response) => {
    response.writeHead(429, { 'retry-after': after.shift() ?? '', ...(type === '' ? {} : { 'content-type': type }) });
    response.end(type === 'application/json' ? '{"message":"busy"}' : '');
  });
  const connection = await open(url);
  onTestFinished(() => connection.close());
  const failures: (Failure & { readonly kind: 'http' })[] = [];
  for (let count = 0; count < 2; count += 1) {
    await connection.request('tasks/get', { taskId: 't1' }).catch(({ failure }) => failures.push(failure));
  }
  expect(failures).toMatchObject([
    { kind: 'http', status: 429, retryAfterMs: 7_000 },
    { kind: 'http', status: 429, retryAfterMs: expect.any(Number) },
  ]);
  const retryAfterMs = failures[1]?.retryAfterMs ?? 0;
  expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  expect(retryAfterMs).toBeGreaterThanOrEqual(later - Date.now());
});
