import type { JsonObject } from '@mcp-tasks/client';
import { mcp20260728, type ServedTask } from '@mcp-tasks/client/serve';
import {
  type CallToolResult,
  createRequestStateCodec,
  type ListToolsResult,
  ProtocolError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { clientCapabilities, clientNameIn, refuse, serveTasks } from '../mcp-server/tasks-2026-07-28.ts';
import { canElicit, type Front, heldTools, passedCapabilities } from './front.ts';
import { createHold, type HeldRequest, type Hold } from './held-requests.ts';
import type { FirstReply } from './native-call.ts';

const { TASKS_EXTENSION, encodeCreated, tookTasks } = mcp20260728;

/** How long a host may take to answer what is asked before a task, in seconds. */
const STATE_SECONDS = 86_400;

/** What a host carries from one round of questions to the next: which call it answers. */
interface CallState {
  readonly taskId: string;
}

/** A server of 2026-07-28: real tasks for a host that takes them, held calls for one that does not. */
export function createServer20260728(front: Front): Server {
  const { face, tasks, calls, names, holdMs, limits, now, resultsFolder } = front;
  const codec = createRequestStateCodec<CallState>({ key: front.stateKey, ttlSeconds: STATE_SECONDS });
  const server = new Server(face.server, {
    capabilities: { ...passedCapabilities(face), tools: { listChanged: true }, extensions: { [TASKS_EXTENSION]: {} } },
    requestState: { verify: codec.verify },
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

  async function encodeReply(reply: FirstReply, ctx: ServerContext): Promise<unknown> {
    const { kind, task } = reply;
    switch (kind) {
      case 'returned':
        tasks.delivered(task);
        return reply.result;
      case 'refused':
        tasks.delivered(task);
        throw new ProtocolError(reply.error.code ?? -32603, reply.error.message, reply.error.data);
      case 'task':
        return encodeCreated(task);
      case 'asks': {
        if (!canShowAll(task, ctx)) return encodeCreated(task);
        const requestState = await codec.mint({ taskId: task.taskId }, ctx);
        return { resultType: 'input_required', inputRequests: task.inputRequests, requestState };
      }
    }
  }

  server.setRequestHandler('tools/list', async (_, ctx) => {
    const listed = tookTasks(clientCapabilities(ctx)) ? { tools: await front.tools() } : await heldTools(front);
    return listed as unknown as ListToolsResult;
  });
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const args = (params.arguments ?? {}) as JsonObject;
    if (!tookTasks(clientCapabilities(ctx)))
      return (await hold(ctx)(params.name, args, heldRequest(ctx))) as CallToolResult;
    const state = ctx.mcpReq.requestState<CallState>();
    const again =
      state === undefined ? undefined : { taskId: state.taskId, responses: ctx.mcpReq.inputResponses ?? {} };
    const call = { tool: params.name, arguments: args, signal: ctx.mcpReq.signal, again };
    const reply = await front.nativeCall(call).catch(refuse);
    // The SDK knows no task as the answer to a call, but lets one through.
    return (await encodeReply(reply, ctx)) as unknown as CallToolResult;
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

function canShowAll({ inputRequests }: ServedTask, ctx: ServerContext): boolean {
  const { elicitation } = (clientCapabilities(ctx) ?? {}) as { readonly elicitation?: JsonObject };
  return Object.values(inputRequests).every(
    ({ method, params }) => method === 'elicitation/create' && canElicit(elicitation, params),
  );
}
