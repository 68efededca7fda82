import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import { type CallToolResult, type ListToolsResult, Server, type ServerContext } from '@modelcontextprotocol/server';
import { clientCapabilities, serveTasks } from '../mcp-server/tasks-2026-07-28.ts';
import { createCallTool } from './call-2026-07-28.ts';
import { aboutFor20260728, type Front, heldTools } from './front.ts';

/** A server of 2026-07-28: tasks for a host with the tasks extension, held calls for others. */
export function createServer20260728(front: Front): Server {
  const { description, tasks } = front;
  const server = new Server(description.server, aboutFor20260728(description));
  const callTool = createCallTool(front);

  server.setRequestHandler('tools/list', async (_, ctx) => {
    const listed = mcp20260728.tookTasks(clientCapabilities(ctx))
      ? { tools: await front.tools() }
      : await heldTools(front);
    return listed as unknown as ListToolsResult;
  });
  // The SDK has no type for a task as the reply to `tools/call`, but passes it on.
  server.setRequestHandler(
    'tools/call',
    async ({ params }, ctx) =>
      (await callTool(params.name, (params.arguments ?? {}) as JsonObject, ctx)) as CallToolResult,
  );
  serveTasks(server, tasks);
  server.fallbackRequestHandler = async ({ method, params }, ctx) =>
    front.forward(method, { ...(params as JsonObject | undefined), ...answersOf(ctx) }, ctx.mcpReq.signal) as never;
  return server;
}

/** The SDK removes the answers from a repeated request; the bridged server needs them. */
function answersOf({ mcpReq }: ServerContext): JsonObject {
  const { inputResponses } = mcpReq;
  const requestState = mcpReq.requestState();
  return {
    ...(inputResponses === undefined ? {} : { inputResponses: inputResponses as unknown as JsonObject }),
    ...(typeof requestState === 'string' ? { requestState } : {}),
  };
}
