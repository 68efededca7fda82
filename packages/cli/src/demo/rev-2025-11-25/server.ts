import { randomInt } from 'node:crypto';
import { mcp20251125 } from '@mcp-tasks/client/serve';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ListToolsRequestSchema, type ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import { type CoreTaskMethod, createCoreTasks } from '../../mcp-server/tasks-2025-11-25.ts';
import { type Demo, INSTRUCTIONS, SERVER_INFO } from '../demo.ts';
import { recordRequest } from '../journal.ts';
import { createServedTasks, servedTask } from '../served-tasks.ts';
import type { Question } from '../tool.ts';
import { askClient, type Extra } from './ask.ts';
import { callTool } from './call.ts';
import { FIXTURE_CAPABILITIES, serveFixtures } from './fixtures.ts';
import { dispatch, type Handlers } from './requests.ts';
import { encodeTool } from './wire.ts';

/** Creates the server of one session or one stdio connection; `owner` is its name in the store. */
export function createTaskServer(demo: Demo, owner: string): Server {
  const server = new Server(SERVER_INFO, {
    capabilities: {
      tools: {},
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
      ...(demo.options.conformance === true ? FIXTURE_CAPABILITIES : {}),
    },
    instructions: INSTRUCTIONS,
  });
  // A random first id: a late answer to a question of the previous process must not match a new question.
  (server as unknown as { _requestMessageId: number })._requestMessageId = randomInt(2 ** 40);

  server.setRequestHandler(
    ListToolsRequestSchema,
    () => ({ tools: [...demo.tools.values()].map(encodeTool) }) as never,
  );
  const wantsLog = demo.options.conformance === true ? serveFixtures(server) : () => false;
  const handlers: Handlers = {
    'tools/call': (params, extra) => callTool({ demo, server, wantsLog }, params, extra),
    ...taskHandlers(demo, owner),
  };
  server.fallbackRequestHandler = (request, extra) => dispatch(handlers, request, extra as Extra);
  return server;
}

function taskHandlers(demo: Demo, owner: string): Omit<Handlers, 'tools/call'> {
  const core = createCoreTasks(createServedTasks(demo, owner));
  const handle =
    (method: CoreTaskMethod) =>
    async (
      params: { readonly taskId?: string; readonly cursor?: string | undefined } | undefined,
      extra: Extra,
    ): Promise<Record<string, unknown>> => {
      recordRequest(demo.db, method, params?.taskId ?? null, Date.now());
      return core.answer(method, { ...params } as never, {
        signal: extra.signal,
        ask: async (question, signal) => (await askClient(extra, question as Question, undefined, signal)) as never,
      });
    };
  return {
    'tasks/get': handle('tasks/get'),
    'tasks/result': handle('tasks/result'),
    'tasks/list': handle('tasks/list'),
    'tasks/cancel': handle('tasks/cancel'),
  };
}

/** Notifies a session of each change of its tasks while its server is connected. */
export function notifyStatus(demo: Demo, server: Server, owner: string): () => void {
  return demo.host.onChange((task) => {
    if (task.sessionId !== owner || server.transport === undefined) return;
    const notification = {
      method: 'notifications/tasks/status',
      params: mcp20251125.encodeTask(servedTask(demo, task)),
    };
    void server.notification(notification as unknown as ServerNotification).catch(() => {});
  });
}
