import { type JsonObject, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { mcp20251125 } from '@mcp-tasks/client/serve';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ErrorCode,
  McpError,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { NativeTasks } from './native-tasks.ts';
import { QUESTION_TIMEOUT_MS } from './person.ts';

const { RELATED_TASK, encodePayload, encodeTask } = mcp20251125;
const PAGE = 50;
const METHODS: ReadonlySet<string> = new Set(['tasks/get', 'tasks/result', 'tasks/list', 'tasks/cancel']);

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The core tasks of 2025-11-25, out of our records. */
export interface CoreTasks {
  serves(method: string): boolean;
  create(tool: string, args: JsonObject): Promise<JsonObject>;
  answer(method: string, params: JsonObject, extra: Extra): Promise<JsonObject>;
}

export function createCoreTasks(tasks: NativeTasks): CoreTasks {
  async function find(params: JsonObject): Promise<TaskRecord> {
    const taskId = String(params.taskId);
    const record = await tasks.find(taskId);
    if (record !== undefined) return record;
    throw new McpError(ErrorCode.InvalidParams, `Unknown or expired task: ${taskId}`);
  }

  /** Holds the stream until the task has settled, and asks on it what the task asks. */
  async function result(params: JsonObject, extra: Extra): Promise<JsonObject> {
    const { id } = await find(params);
    const asked = new Map<string, AbortController>();
    try {
      const record = await tasks.settled(id, extra.signal, (newest) => ask(newest, asked, extra));
      tasks.delivered(record);
      const payload = encodePayload(record);
      if (payload.kind === 'result') return payload.result;
      throw new McpError(payload.code, payload.message, payload.data);
    } finally {
      for (const each of asked.values()) each.abort();
    }
  }

  /** Keeps exactly the open questions asked: one that was answered elsewhere is withdrawn. */
  function ask(record: TaskRecord, asked: Map<string, AbortController>, extra: Extra): void {
    const open = openQuestions(record);
    for (const [key, controller] of asked) {
      if (Object.hasOwn(open, key)) continue;
      controller.abort();
      asked.delete(key);
    }
    for (const [key, { method, params }] of Object.entries(open)) {
      if (asked.has(key)) continue;
      const withdraw = new AbortController();
      asked.set(key, withdraw);
      const request = { method, params: { ...params, _meta: { [RELATED_TASK]: { taskId: record.id } } } };
      extra
        .sendRequest(request as unknown as ServerRequest, ResultSchema, {
          signal: withdraw.signal,
          timeout: QUESTION_TIMEOUT_MS,
        })
        .then(async (response) => {
          if (response.action !== 'cancel') await tasks.answer(record, key, response as JsonObject);
        })
        .catch(() => undefined); // withdrawn or refused: the question stays open for a terminal
    }
  }

  return {
    serves: (method) => METHODS.has(method),
    create: async (tool, args) => ({ task: encodeTask(await tasks.start(tool, args)) }),
    async answer(method, params, extra) {
      switch (method) {
        case 'tasks/get':
          return encodeTask(await find(params));
        case 'tasks/result':
          return result(params, extra);
        case 'tasks/list': {
          const after = typeof params.cursor === 'string' ? params.cursor : undefined;
          const { records, next } = await tasks.list(after, PAGE);
          return { tasks: records.map(encodeTask), ...(next === undefined ? {} : { nextCursor: next }) };
        }
        default: {
          const record = await find(params);
          if (record.outcome !== null) {
            throw new McpError(ErrorCode.InvalidParams, `The task is already terminal: ${record.outcome.status}`);
          }
          await tasks.cancel(record);
          return encodeTask(await find(params));
        }
      }
    },
  };
}
