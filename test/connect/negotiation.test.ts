import { connect } from '@mcp-tasks/client/connect';
import { expect, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { demoStdio, EVERYTHING_STDIO, serveEverything } from './support.ts';

test('a server of 2026-07-28 over HTTP negotiates 2026-07-28', async () => {
  const demo = await serveDemoHttp({ speed: 0.05 });
  const connection = await connect({ kind: 'url', url: demo.url });
  expect(connection.negotiated).toMatchObject({
    revision: '2026-07-28',
    capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
  });
  const task = await connection.request('tools/call', { name: 'batch', arguments: { items: 2 } });
  expect(task).toMatchObject({ resultType: 'task', taskId: expect.any(String), status: 'working' });
  await connection.close();
  await demo.stop();
});

test('a server of 2026-07-28 over stdio negotiates 2026-07-28', async () => {
  const connection = await connect(demoStdio());
  expect(connection.negotiated.revision).toBe('2026-07-28');
  const asking = await connection.request('tools/call', { name: 'confirm-first', arguments: {} });
  expect(asking).toMatchObject({ resultType: 'input_required', inputRequests: { confirm: {} } });
  await connection.close();
});

test('a server of 2025-11-25 over stdio negotiates 2025-11-25', async () => {
  const connection = await connect(EVERYTHING_STDIO);
  expect(connection.negotiated).toMatchObject({
    revision: '2025-11-25',
    server: { name: 'mcp-servers/everything' },
    capabilities: { tasks: { requests: { tools: { call: {} } } } },
  });
  const task = await connection.request('tools/call', {
    name: 'simulate-research-query',
    arguments: { topic: 'tasks' },
    task: {},
  });
  expect(task).toMatchObject({ task: { taskId: expect.any(String), status: 'working' } });
  await connection.close();
});

test('a server of 2025-11-25 over HTTP negotiates 2025-11-25 and gives its session id', async () => {
  const server = await serveEverything();
  const connection = await connect({ kind: 'url', url: server.url });
  expect(connection.negotiated).toMatchObject({ revision: '2025-11-25', sessionId: expect.any(String) });
  await connection.close();
  await server.stop();
});
