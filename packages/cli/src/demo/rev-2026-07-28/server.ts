import { mcp20260728 } from '@mcp-tasks/client/serve';
import {
  type CallToolResult,
  createRequestStateCodec,
  type ListToolsResult,
  Server,
} from '@modelcontextprotocol/server';
import { serveTasks } from '../../mcp-server/tasks-2026-07-28.ts';
import { type Demo, INSTRUCTIONS, SERVER_INFO } from '../demo.ts';
import { recordRequest, secret } from '../journal.ts';
import { createServedTasks } from '../served-tasks.ts';
import type { DemoTool } from '../tool.ts';
import { type CallState, callTool } from './call.ts';
import { FIXTURE_CAPABILITIES, serveFixtures } from './fixtures.ts';
import { rejectMisfits } from './responses.ts';

/** Creates the servers of 2026-07-28: one per HTTP request, one per stdio connection. */
export function createServerFactory(demo: Demo): () => Server {
  const codec = createRequestStateCodec<CallState>({ key: secret(demo.db, 'request-state'), ttlSeconds: 86_400 });
  const tasks = createServedTasks(demo, null);
  return () => {
    const server = new Server(SERVER_INFO, {
      capabilities: {
        tools: {},
        extensions: { [mcp20260728.TASKS_EXTENSION]: {} },
        ...(demo.options.conformance === true ? FIXTURE_CAPABILITIES : {}),
      },
      instructions: INSTRUCTIONS,
      requestState: { verify: codec.verify },
    });
    server.setRequestHandler(
      'tools/list',
      () => ({ tools: [...demo.tools.values()].map(encodeTool) }) as unknown as ListToolsResult,
    );
    // The SDK does not know a task as a reply to `tools/call`, but passes it on.
    server.setRequestHandler(
      'tools/call',
      async (request, ctx) => (await rejectMisfits(() => callTool(demo, codec, request.params, ctx))) as CallToolResult,
    );
    serveTasks(server, tasks, (method, taskId) => recordRequest(demo.db, method, taskId, Date.now()));
    if (demo.options.conformance === true) serveFixtures(server);
    return server;
  };
}

/** 2026-07-28 has no field for task support: the server decides alone. */
export function encodeTool({ name, title, description, inputSchema, outputSchema, annotations }: DemoTool) {
  return {
    name,
    title,
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}
