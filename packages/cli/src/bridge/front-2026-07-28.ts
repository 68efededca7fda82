import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import { type CallToolResult, type ListToolsResult, Server, type ServerContext } from '@modelcontextprotocol/server';
import { clientCapabilities, clientNameIn, serveTasks } from '../mcp-server/tasks-2026-07-28.ts';
import { type Front, heldTools, passedCapabilities } from './front.ts';
import { createHold, type HeldRequest, type Hold } from './held-requests.ts';

const { TASKS_EXTENSION, encodeCreated, tookTasks } = mcp20260728;

/** A server of 2026-07-28: real tasks for a host that takes them, held calls for one that does not. */
export function createServer20260728(front: Front): Server {
  const { face, tasks, calls, names, holdMs, limits, now, resultsFolder } = front;
  const server = new Server(face.server, {
    capabilities: { ...passedCapabilities(face), tools: { listChanged: true }, extensions: { [TASKS_EXTENSION]: {} } },
    ...(face.instructions === null ? {} : { instructions: face.instructions }),
  });
  const hold = (ctx: ServerContext): Hold =>
    createHold({
      calls,
      names,
      clientName: () => clientNameIn(ctx),
      holdMs,
      limits,
      asker: undefined,
      now,
      resultsFolder,
    });

  server.setRequestHandler('tools/list', async (_, ctx) => {
    const listed = tookTasks(clientCapabilities(ctx)) ? { tools: await front.tools() } : await heldTools(front);
    return listed as unknown as ListToolsResult;
  });
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const args = (params.arguments ?? {}) as JsonObject;
    if (!tookTasks(clientCapabilities(ctx)))
      return (await hold(ctx)(params.name, args, heldRequest(ctx))) as CallToolResult;
    // The SDK knows no task as the answer to a call, but lets one through.
    return encodeCreated(await tasks.start(params.name, args)) as unknown as CallToolResult;
  });
  serveTasks(server, tasks);
  server.fallbackRequestHandler = async (request, ctx) =>
    front.forward(request.method, (request.params ?? {}) as JsonObject, ctx.mcpReq.signal) as never;
  return server;
}

function heldRequest({ mcpReq }: ServerContext): HeldRequest {
  return {
    id: mcpReq.id,
    signal: mcpReq.signal,
    progressToken: mcpReq._meta?.progressToken,
    notify: (method, params) => mcpReq.notify({ method, params } as never),
  };
}
