import {
  type CallToolResult,
  createRequestStateCodec,
  type ListToolsResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type Demo, INSTRUCTIONS, SERVER_INFO } from '../demo.ts';
import type { DemoTool } from '../script.ts';
import { recordRequest, secret } from '../store.ts';
import { type CallState, callTool, clientCapabilities } from './call.ts';
import { FIXTURE_CAPABILITIES, serveFixtures } from './fixtures.ts';
import { refusingMisfits, responsesIn } from './responses.ts';
import { encodeDetailedTask, optedIn, TASKS_EXTENSION } from './wire.ts';

const taskParams = z.looseObject({ taskId: z.string() });
const anyResult = z.looseObject({});

/** Makes the servers of this revision: one for each HTTP request, one for each stdio connection. */
export function createServerFactory(demo: Demo): () => Server {
  const codec = createRequestStateCodec<CallState>({ key: secret(demo.db, 'request-state'), ttlSeconds: 86_400 });
  return () => {
    const server = new Server(SERVER_INFO, {
      capabilities: {
        tools: {},
        extensions: { [TASKS_EXTENSION]: {} },
        ...(demo.options.conformance === true ? FIXTURE_CAPABILITIES : {}),
      },
      instructions: INSTRUCTIONS,
      requestState: { verify: codec.verify },
    });
    server.setRequestHandler(
      'tools/list',
      () => ({ tools: [...demo.tools.values()].map(encodeTool) }) as unknown as ListToolsResult,
    );
    // The SDK knows no task as the answer to a call, but lets one through.
    server.setRequestHandler(
      'tools/call',
      async (request, ctx) =>
        (await refusingMisfits(() => callTool(demo, codec, request.params, ctx))) as CallToolResult,
    );
    serveTasks(demo, server);
    if (demo.options.conformance === true) serveFixtures(server);
    return server;
  };
}

function serveTasks(demo: Demo, server: Server): void {
  const admit = (method: string, taskId: string, ctx: ServerContext) => {
    recordRequest(demo.db, method, taskId, Date.now());
    if (!optedIn(clientCapabilities(ctx))) {
      throw new MissingRequiredClientCapabilityError({
        requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
      });
    }
  };
  const find = (taskId: string) => {
    const task = demo.engine.find(taskId);
    // One with an owner belongs to a session of the other revision.
    if (task === undefined || task.owner !== null) {
      throw new ProtocolError(-32602, `Unknown or expired task: ${taskId}`);
    }
    return task;
  };

  server.setRequestHandler('tasks/get', { params: taskParams, result: anyResult }, ({ taskId }, ctx) => {
    admit('tasks/get', taskId, ctx);
    return { resultType: 'complete', ...encodeDetailedTask(find(taskId), demo.options.chaos) };
  });
  server.setRequestHandler('tasks/update', { params: taskParams, result: anyResult }, async ({ taskId }, ctx) => {
    admit('tasks/update', taskId, ctx);
    const { id } = find(taskId);
    await refusingMisfits(() => demo.engine.answer(id, responsesIn(ctx)));
    return { resultType: 'complete' };
  });
  server.setRequestHandler('tasks/cancel', { params: taskParams, result: anyResult }, ({ taskId }, ctx) => {
    admit('tasks/cancel', taskId, ctx);
    demo.engine.cancel(find(taskId).id);
    return { resultType: 'complete' };
  });
}

/** This revision has no field for task support: a server decides by itself. */
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
