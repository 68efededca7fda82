import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ListToolsResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type Front, heldTools, passedCapabilities } from './front.ts';
import { createHold, type HeldRequest } from './held-requests.ts';

const { TASKS_EXTENSION, encodeCreated, encodeDetailed } = mcp20260728;
const taskParams = z.looseObject({ taskId: z.string() });
const anyResult = z.looseObject({});

export function tookTasks(capabilities: unknown): boolean {
  const { extensions } = (capabilities ?? {}) as { readonly extensions?: object };
  return Object.hasOwn(extensions ?? {}, TASKS_EXTENSION);
}

/** A server of 2026-07-28: real tasks for a host that takes them, held calls for one that does not. */
export function createServer20260728(front: Front): Server {
  const { face, tasks, calls, names, holdMs, now, resultsFolder } = front;
  const server = new Server(face.server, {
    capabilities: { ...passedCapabilities(face), tools: { listChanged: true }, extensions: { [TASKS_EXTENSION]: {} } },
    ...(face.instructions === null ? {} : { instructions: face.instructions }),
  });
  const hold = createHold({ calls, names, clientName: () => '', holdMs, asker: undefined, now, resultsFolder });
  const given = (ctx: ServerContext): unknown =>
    (ctx.mcpReq.envelope as JsonObject | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const admit = (ctx: ServerContext): void => {
    if (tookTasks(given(ctx))) return;
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } });
  };
  const find = async (taskId: string) => {
    const record = await tasks.find(taskId);
    if (record === undefined) throw new ProtocolError(-32602, `Unknown or expired task: ${taskId}`);
    return record;
  };

  server.setRequestHandler('tools/list', async (_, ctx) => {
    const listed = tookTasks(given(ctx)) ? { tools: await front.tools() } : await heldTools(front);
    return listed as unknown as ListToolsResult;
  });
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const args = (params.arguments ?? {}) as JsonObject;
    if (!tookTasks(given(ctx))) return (await hold(params.name, args, heldRequest(ctx))) as CallToolResult;
    // The SDK knows no task as the answer to a call, but lets one through.
    return encodeCreated(await tasks.start(params.name, args)) as unknown as CallToolResult;
  });
  server.setRequestHandler('tasks/get', { params: taskParams, result: anyResult }, async ({ taskId }, ctx) => {
    admit(ctx);
    const record = await find(taskId);
    if (record.outcome !== null) tasks.delivered(record);
    return { resultType: 'complete', ...encodeDetailed(record) };
  });
  server.setRequestHandler('tasks/update', { params: taskParams, result: anyResult }, async ({ taskId }, ctx) => {
    admit(ctx);
    const record = await find(taskId);
    for (const [key, response] of Object.entries(ctx.mcpReq.inputResponses ?? {})) {
      // An answer that no person gave, or whose question is not open, is acknowledged and decides nothing.
      if ((response as JsonObject).action !== 'cancel') await tasks.answer(record, key, response as JsonObject);
    }
    return { resultType: 'complete' };
  });
  server.setRequestHandler('tasks/cancel', { params: taskParams, result: anyResult }, async ({ taskId }, ctx) => {
    admit(ctx);
    await tasks.cancel(await find(taskId));
    return { resultType: 'complete' };
  });
  server.fallbackRequestHandler = async (request, ctx) =>
    front.forward(request.method, (request.params ?? {}) as JsonObject, ctx.mcpReq.signal) as never;
  return server;
}

function heldRequest({ mcpReq }: ServerContext): HeldRequest {
  return {
    signal: mcpReq.signal,
    progressToken: mcpReq._meta?.progressToken,
    notify: (method, params) => mcpReq.notify({ method, params } as never),
  };
}
