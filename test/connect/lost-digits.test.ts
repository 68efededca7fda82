import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';

const LONG = '1234567890123456789';
const RESULT = `{"resultType":"complete","content":[],"structuredContent":{"id":${LONG}}}`;
const TASK = '"taskId":"t1","ttlMs":null,"pollIntervalMs":250';
const DISCOVERY = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'long', version: '1' } },
};

/** A server whose tool returns a long number: at once, or from a task at its sixth poll; as JSON or SSE. */
async function serve(how: 'json' | 'events'): Promise<string> {
  let polls = 0;
  const resultOf = (method: string, tool: string): string | undefined => {
    if (method === 'server/discover') return JSON.stringify(DISCOVERY);
    if (method === 'tools/list') return '{"resultType":"complete","tools":[]}';
    if (method === 'tools/call' && tool === 'task') return `{"resultType":"task",${TASK},"status":"working"}`;
    if (method === 'tools/call') return RESULT;
    polls += 1;
    const status = polls < 6 ? '"status":"working"' : `"status":"completed","result":${RESULT}`;
    return method === 'tasks/get' ? `{"resultType":"complete",${TASK},${status}}` : undefined;
  };
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method, params } = JSON.parse(body);
    if (id === undefined) return response.writeHead(202).end();
    const result = resultOf(method, params.name);
    const answer = result === undefined ? '"error":{"code":-32601,"message":"no"}' : `"result":${result}`;
    const text = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${answer}}`;
    if (how === 'json') return response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`event: message\ndata: ${text}\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

test.each(['json', 'events'] as const)(
  'over HTTP, a result names the numbers that lost digits, at once and from a task: %s',
  async (how) => {
    const connection = await connect({ kind: 'url', url: await serve(how) });
    await using client = createTaskClient({ connection, store: createMemoryStore() });
    const atOnce = await acceptedCall(client, { name: 'plain' });
    const lost = { _meta: { 'mcp-tasks/lost-digits': LONG } };
    expect(atOnce).toMatchObject({ kind: 'complete', result: lost });
    const call = await acceptedCall(client, { name: 'task' });
    expect(call.kind === 'task' && (await call.task.outcome())).toMatchObject({ status: 'completed', result: lost });
  },
);
