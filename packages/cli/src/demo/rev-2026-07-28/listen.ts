import {
  CLIENT_CAPABILITIES_META_KEY,
  SERVER_INFO_META_KEY,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';
import { type Demo, SERVER_INFO } from '../demo.ts';
import type { JsonObject } from '../script.ts';
import { recordRequest } from '../store.ts';
import { type DemoTask, isTerminal } from '../task-row.ts';
import { type ClientCapabilities, encodeDetailedTask, optedIn, TASKS_EXTENSION } from './wire.ts';

const MAX_TASKS = 1000;

export type RequestId = string | number;
export type Message = JsonObject & { readonly jsonrpc: '2.0' };

export interface ListenRequest {
  readonly id: RequestId;
  /** Undefined when it is no list of texts. */
  readonly taskIds: readonly string[] | undefined;
  readonly optedIn: boolean;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** A request to hear of tasks, or `undefined` for any other message: those are the SDK's. */
export function parseListen(message: unknown): ListenRequest | undefined {
  const { id, method, params } = (message ?? {}) as { id?: RequestId; method?: unknown; params?: JsonObject };
  if (method !== 'subscriptions/listen' || id === undefined) return undefined;
  const { taskIds } = (params?.notifications ?? {}) as { readonly taskIds?: unknown };
  if (taskIds === undefined) return undefined;
  const capabilities = (params?._meta as JsonObject | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  return {
    id,
    taskIds: isTexts(taskIds) ? [...new Set(taskIds)].slice(0, MAX_TASKS) : undefined,
    optedIn: optedIn((capabilities ?? {}) as ClientCapabilities),
  };
}

/** The answer to a request that cannot be served, or `undefined` when it can. */
export function refusalOf({ id, taskIds, optedIn }: ListenRequest): Message | undefined {
  if (!optedIn) {
    const data = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
    return { jsonrpc: '2.0', id, error: { code: -32021, message: 'The client did not declare tasks', data } };
  }
  if (taskIds !== undefined) return undefined;
  return { jsonrpc: '2.0', id, error: { code: -32602, message: 'taskIds has to be a list of task ids' } };
}

export interface Subscription {
  /** Ends it; gracefully means that the client is told. */
  readonly end: (graceful: boolean) => void;
}

/**
 * Acknowledges which tasks it honours, says how each stands, and then tells every change until all have
 * settled. The SDK's own router knows no tasks.
 */
export function openSubscription(
  demo: Demo,
  { id, taskIds = [] }: ListenRequest,
  send: (message: Message) => void,
  onEnd: () => void,
): Subscription {
  recordRequest(demo.db, 'subscriptions/listen', null, Date.now());
  const tag = { [SUBSCRIPTION_ID_META_KEY]: id };
  const notify = (method: string, params: JsonObject) =>
    send({ jsonrpc: '2.0', method, params: { ...params, _meta: tag } });
  const tasks = taskIds.map((taskId) => demo.engine.find(taskId)).filter((task) => task?.owner === null);
  const open = new Set(tasks.map((task) => task?.id));
  let ended = false;
  const end = (graceful: boolean) => {
    if (ended) return;
    ended = true;
    stop();
    if (graceful) {
      send({
        jsonrpc: '2.0',
        id,
        result: { resultType: 'complete', _meta: { ...tag, [SERVER_INFO_META_KEY]: SERVER_INFO } },
      });
    }
    onEnd();
  };
  const tell = (task: DemoTask) => {
    if (ended || !open.has(task.id)) return;
    notify('notifications/tasks', encodeDetailedTask(task, demo.options.chaos));
    if (isTerminal(task.status)) open.delete(task.id);
    if (open.size === 0) end(true);
  };
  const stop = demo.engine.onChange(tell);
  notify('notifications/subscriptions/acknowledged', { notifications: { taskIds: [...open] } });
  for (const task of tasks) if (task !== undefined) tell(task);
  if (open.size === 0) end(true);
  return { end };
}
