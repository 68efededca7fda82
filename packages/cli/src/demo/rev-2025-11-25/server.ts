import { randomInt } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ListToolsRequestSchema, type ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import { type Demo, INSTRUCTIONS, SERVER_INFO } from '../demo.ts';
import { recordRequest } from '../store.ts';
import { type DemoTask, isTerminal } from '../task-row.ts';
import type { Extra } from './ask.ts';
import { callTool, ownerOf } from './call.ts';
import { FIXTURE_CAPABILITIES, serveFixtures } from './fixtures.ts';
import { dispatch, type Handlers } from './requests.ts';
import type { ResultStream } from './result.ts';
import { RpcFailure } from './rpc-failure.ts';
import { encodeTask, encodeTool } from './wire.ts';

const PAGE_SIZE = 50;

/** Makes the server of one session or one stdio connection. */
export function createTaskServer(demo: Demo, resultStream: ResultStream): Server {
  const server = new Server(SERVER_INFO, {
    capabilities: {
      tools: {},
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
      ...(demo.options.conformance === true ? FIXTURE_CAPABILITIES : {}),
    },
    instructions: INSTRUCTIONS,
  });
  // After a restart, a late answer to a question of the process before must not be taken for one of this.
  (server as unknown as { _requestMessageId: number })._requestMessageId = randomInt(2 ** 40);

  server.setRequestHandler(
    ListToolsRequestSchema,
    () => ({ tools: [...demo.tools.values()].map(encodeTool) }) as never,
  );
  const wantsLog = demo.options.conformance === true ? serveFixtures(server) : () => false;
  const handlers: Handlers = {
    'tools/call': (params, extra) => callTool({ demo, server, wantsLog }, params, extra),
    ...taskHandlers(demo, resultStream),
  };
  server.fallbackRequestHandler = (request, extra) => dispatch(handlers, request, extra as Extra);
  return server;
}

function taskHandlers(demo: Demo, resultStream: ResultStream): Omit<Handlers, 'tools/call'> {
  const note = (method: string, taskId: string | null) => recordRequest(demo.db, method, taskId, Date.now());
  const encode = (task: DemoTask) => encodeTask(task, demo.options.chaos);
  const find = (taskId: string, extra: Extra): DemoTask => {
    const task = demo.engine.find(taskId);
    if (task !== undefined && task.owner === ownerOf(extra)) return task;
    throw new RpcFailure({ code: -32602, message: `Unknown or expired task: ${taskId}` });
  };
  return {
    'tasks/get'({ taskId }, extra) {
      note('tasks/get', taskId);
      return encode(find(taskId, extra));
    },
    'tasks/result'({ taskId }, extra) {
      note('tasks/result', taskId);
      return resultStream(() => find(taskId, extra), extra);
    },
    'tasks/list'(params, extra) {
      note('tasks/list', null);
      const cursor = Number(params?.cursor ?? 0);
      if (!Number.isSafeInteger(cursor) || cursor < 0)
        throw new RpcFailure({ code: -32602, message: 'Invalid cursor' });
      const rows = demo.engine.list(ownerOf(extra), cursor, PAGE_SIZE + 1);
      const page = rows.slice(0, PAGE_SIZE);
      const last = page.at(-1);
      const more = rows.length > PAGE_SIZE && last !== undefined;
      return { tasks: page.map(encode), ...(more ? { nextCursor: String(last.rowid) } : {}) };
    },
    'tasks/cancel'({ taskId }, extra) {
      note('tasks/cancel', taskId);
      const { status } = find(taskId, extra);
      if (isTerminal(status)) {
        throw new RpcFailure({ code: -32602, message: `The task is already terminal: ${status}` });
      }
      // Here a request to cancel is an order: the task has to be cancelled by the time of the answer.
      demo.engine.cancel(taskId, true);
      return encode(find(taskId, extra));
    },
  };
}

/** Tells a session of each change of its tasks, for as long as the server is connected. */
export function notifyStatus(demo: Demo, server: Server, owner: string): () => void {
  return demo.engine.onChange((task) => {
    if (task.owner !== owner || server.transport === undefined) return;
    const notification = { method: 'notifications/tasks/status', params: encodeTask(task, demo.options.chaos) };
    void server.notification(notification as unknown as ServerNotification).catch(() => {});
  });
}
