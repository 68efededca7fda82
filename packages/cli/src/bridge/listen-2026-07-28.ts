import type { JsonObject, TaskRecord } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type JSONRPCMessage,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';
import type { Front } from './front.ts';
import { tookTasks } from './front-2026-07-28.ts';

const MAX_TASKS = 1_000;

type RequestId = string | number;
type Send = (message: JSONRPCMessage) => Promise<void>;

/** `subscriptions/listen` with task ids, which the SDK's own router does not know. */
export interface TaskListener {
  /** Whether the message was for us: the request, or the end of one. */
  takes(message: JSONRPCMessage): boolean;
  close(): void;
}

export function createTaskListener({ tasks }: Front, send: Send): TaskListener {
  const open = new Map<RequestId, AbortController>();

  async function listen(id: RequestId, taskIds: readonly string[], signal: AbortSignal): Promise<void> {
    const tag = { [SUBSCRIPTION_ID_META_KEY]: id };
    const notify = (method: string, params: JsonObject): void =>
      void send({ jsonrpc: '2.0', method, params: { ...params, _meta: tag } } as JSONRPCMessage);
    const found = await Promise.all(taskIds.map((taskId) => tasks.find(taskId)));
    const records = found.filter((record) => record !== undefined);
    notify('notifications/subscriptions/acknowledged', { notifications: { taskIds: records.map((each) => each.id) } });
    const tell = (record: TaskRecord): void => notify('notifications/tasks', mcp20260728.encodeDetailed(record));
    await Promise.all(records.map((record) => tasks.settled(record.id, signal, tell)));
    await send({ jsonrpc: '2.0', id, result: { resultType: 'complete', _meta: tag } } as JSONRPCMessage);
  }

  function begin(id: RequestId, params: JsonObject, taskIds: readonly unknown[]): void {
    const meta = params._meta as JsonObject | undefined;
    if (!tookTasks(meta?.[CLIENT_CAPABILITIES_META_KEY])) {
      const data = { requiredCapabilities: { extensions: { [mcp20260728.TASKS_EXTENSION]: {} } } };
      const error = { code: -32021, message: 'The client did not declare tasks', data };
      void send({ jsonrpc: '2.0', id, error } as JSONRPCMessage);
      return;
    }
    const stop = new AbortController();
    open.set(id, stop);
    const wanted = [...new Set(taskIds.map(String))].slice(0, MAX_TASKS);
    listen(id, wanted, stop.signal)
      .catch(() => undefined) // left by the host, or the record was deleted: polling tells
      .finally(() => open.delete(id));
  }

  return {
    takes(message) {
      if (!('method' in message)) return false;
      const params = (message.params ?? {}) as JsonObject;
      if (message.method === 'notifications/cancelled') {
        const stop = open.get(params.requestId as RequestId);
        stop?.abort();
        return stop !== undefined;
      }
      if (message.method !== 'subscriptions/listen' || !('id' in message)) return false;
      const { taskIds } = (params.notifications ?? {}) as { readonly taskIds?: unknown };
      if (!Array.isArray(taskIds)) return false;
      begin(message.id, params, taskIds);
      return true;
    },
    close() {
      for (const stop of open.values()) stop.abort();
    },
  };
}
