// A server of 2026-07-28 over HTTP without an SDK, to keep its own cost low.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createScriptedTasks, type TaskPlan } from './scripted-tasks.ts';

const tasks = createScriptedTasks(JSON.parse(process.argv[2] ?? '') as TaskPlan);

const TOOLS = [{ name: 'work', inputSchema: { type: 'object' } }];
const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
  serverInfo: { name: 'bench', version: '1' },
  ttlMs: 0,
  cacheScope: 'private',
};

function reply(method: string, params: Record<string, never>): object {
  if (method === 'server/discover') return { result: DISCOVERED };
  if (method === 'tools/list')
    return { result: { resultType: 'complete', tools: TOOLS, ttlMs: 0, cacheScope: 'private' } };
  if (method.startsWith('tasks/') || method === 'tools/call') return { result: tasks.result(method, params) };
  return { error: { code: -32601, message: 'Method not found' } };
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const figures = { polls: tasks.polls, lateness: [...tasks.lateness] };
    response.end(JSON.stringify(figures));
    return;
  }
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    const { id, method, params } = JSON.parse(text);
    const body = JSON.stringify({ jsonrpc: '2.0', id, ...reply(method, params ?? {}) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp\n`);
});
process.stdin.resume().on('end', () => process.exit(0)); // exits with its parent process
