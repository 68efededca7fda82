import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  createTaskSessionFromClient,
  resultFromTaskOutcome,
  type TaskEnabledSession,
  toolDeclarationFromMcpTool,
} from '@modelcontextprotocol/ext-tasks/client';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1, type OfficialClient } from './sdk-v1-client.ts';
import { EVERYTHING, freshDirectory, send } from './support.ts';

const CLIENT_INFO = { name: 'ext-tasks', version: '0.2.2' };
const YES = { action: 'accept', content: { approve: true, strategy: 'canary' } } as const;
const ARGUMENTS = { service: 'shop', version: '3' };
const LIVE = { service: 'shop', version: '3', environment: 'staging', strategy: 'canary', live: true };

let demo: RunningDemo;
let official: OfficialClient;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05, storeDirectory: freshDirectory() });
  official = await connectSdkV1(demo.url, { answer: () => YES });
});
afterAll(async () => {
  await official.close();
  await demo.stop();
});

/** The official helper on 2026-07-28; its host writes the dispatch of task requests. */
async function openModern(): Promise<{ readonly session: TaskEnabledSession; readonly client: Client }> {
  const { extensions: _, ...capabilities } = EVERYTHING;
  const client = new Client(CLIENT_INFO, { capabilities, versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(demo.url)));
  const session = createTaskSessionFromClient(client, {
    endpointId: 'demo',
    v2RequestFraming: { protocolVersion: '2026-07-28', clientInfo: CLIENT_INFO, clientCapabilities: capabilities },
    async rawDispatch(request) {
      const { method, params } = request as unknown as { method: string; params: Record<string, unknown> };
      const { result, error } = await send(demo.url, method, params);
      return error === undefined
        ? { kind: 'result', result: result as never }
        : { kind: 'error', error: error as never };
    },
    async onInputRequest() {
      return YES as never;
    },
  });
  return { session, client };
}

/** The same helper on 2025-11-25. */
async function openLegacy(): Promise<{ readonly session: TaskEnabledSession; readonly client: Client }> {
  const client = new Client(CLIENT_INFO, { capabilities: {} });
  await client.connect(new StreamableHTTPClientTransport(new URL(demo.url)));
  const { tools } = await client.listTools();
  const session = createTaskSessionFromClient(client, {
    endpointId: 'demo',
    tools: {
      currentTool(name) {
        const tool = tools.find((each) => each.name === name);
        return tool && toolDeclarationFromMcpTool(tool);
      },
    },
  });
  return { session, client };
}

test('the official clients of both revisions run a release at the same URL at the same time', async () => {
  const { session, client } = await openModern();
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  const execution = await session.callTool('release', ARGUMENTS);
  const taskId = await official.start('release', ARGUMENTS);
  expect(execution.kind).toBe('task');
  const [modern, legacy] = await Promise.all([
    execution.settle(),
    official.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema),
  ]);
  expect(resultFromTaskOutcome(modern.outcome)).toMatchObject({ structuredContent: LIVE });
  expect(legacy).toMatchObject({ structuredContent: LIVE });
  await session.close();
  await client.close();
});

test('ext-tasks sees a failure of 2026-07-28 with its code and data', async () => {
  const { session, client } = await openModern();
  const { outcome } = await (await session.callTool('import', {})).settle();
  expect(outcome).toMatchObject({ status: 'failed', error: { code: -32603, data: { row: 3211, column: 'price' } } });
  await session.close();
  await client.close();
});

test('ext-tasks runs the same tool as a task of 2025-11-25', async () => {
  const { session, client } = await openLegacy();
  expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
  const execution = await session.callTool('report', { topic: 'Latency' }, { task: { preference: 'require' } });
  expect(execution.kind).toBe('task');
  const { outcome } = await execution.settle();
  expect(resultFromTaskOutcome(outcome)).toMatchObject({ structuredContent: { topic: 'Latency' } });
  await session.close();
  await client.close();
});

test('both revisions list the same tools', async () => {
  const { client } = await openModern();
  const [modern, legacy] = await Promise.all([client.listTools(), official.client.listTools()]);
  expect(modern.tools.map(({ name, description }) => [name, description])).toEqual(
    legacy.tools.map(({ name, description }) => [name, description]),
  );
  await client.close();
});

test('a task of one revision is unknown in the other', async () => {
  const taskId = await official.start('report');
  expect((await send(demo.url, 'tasks/get', { taskId })).error?.code).toBe(-32602);
  const { result } = await send(demo.url, 'tools/call', { name: 'report', arguments: {} });
  await expect(official.client.experimental.tasks.getTask(result?.taskId as string)).rejects.toMatchObject({
    code: -32602,
  });
});
