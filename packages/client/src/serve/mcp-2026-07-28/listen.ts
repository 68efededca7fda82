import type { JsonObject } from '../../task/json.ts';
import { type ServedTasks, ServeRefusal } from '../served-tasks.ts';
import { encodeDetailed } from './encode.ts';
import { requireTasks } from './task-requests.ts';

const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';
const SERVER_INFO = 'io.modelcontextprotocol/serverInfo';

/** Limit of tasks per subscription. */
const MAX_TASKS = 1_000;

/** The id of a JSON-RPC request. */
export type RequestId = string | number;

/** A JSON-RPC message to the client. */
export type ServedMessage = JsonObject & { readonly jsonrpc: '2.0' };

/** `subscriptions/listen` with task ids. */
export interface ListenRequest {
  readonly id: RequestId;
  /** Undefined if the parameter is not a list of strings. */
  readonly taskIds: readonly string[] | undefined;
  /** Client capabilities of this request. */
  readonly capabilities: unknown;
}

/** An open subscription. */
export interface Subscription {
  /** Settles when the subscription ends: all its tasks have ended, or `end` was called. */
  readonly ended: Promise<void>;
  /** Ends the subscription; a graceful end sends a result to the client. */
  end(graceful: boolean): void;
}

/** Parses a `subscriptions/listen` request with task ids; undefined for any other message. */
export function parseListen(message: unknown): ListenRequest | undefined {
  const { id, method, params } = (message ?? {}) as { id?: RequestId; method?: unknown; params?: JsonObject };
  if (method !== 'subscriptions/listen' || id === undefined) return undefined;
  const { taskIds } = (params?.notifications ?? {}) as { readonly taskIds?: unknown };
  if (taskIds === undefined) return undefined;
  const meta = params?._meta as JsonObject | undefined;
  return {
    id,
    taskIds: isTexts(taskIds) ? [...new Set(taskIds)].slice(0, MAX_TASKS) : undefined,
    capabilities: meta?.[CLIENT_CAPABILITIES],
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Why a subscription is refused; undefined if it can be served. */
export function refusalOf({ taskIds, capabilities }: ListenRequest): ServeRefusal | undefined {
  try {
    requireTasks(capabilities);
    return taskIds === undefined ? new ServeRefusal(-32602, 'taskIds must be a list of task ids') : undefined;
  } catch (error) {
    if (error instanceof ServeRefusal) return error;
    throw error;
  }
}

/** Acknowledges the tasks it honours, then sends each task's current state and every change until all have ended. */
export function openSubscription(
  { id, taskIds = [] }: ListenRequest,
  tasks: ServedTasks,
  send: (message: ServedMessage) => void,
  serverInfo?: JsonObject,
): Subscription {
  const tag = { [SUBSCRIPTION_ID]: id };
  const stop = new AbortController();
  let state: 'open' | 'ended' = 'open';
  const notify = (method: string, params: JsonObject): void => {
    if (state === 'open') send({ jsonrpc: '2.0', method, params: { ...params, _meta: tag } });
  };
  const end = (graceful: boolean): void => {
    if (state === 'ended') return;
    state = 'ended';
    stop.abort();
    if (!graceful) return;
    const meta = serverInfo === undefined ? tag : { ...tag, [SERVER_INFO]: serverInfo };
    send({ jsonrpc: '2.0', id, result: { resultType: 'complete', _meta: meta } });
  };

  async function follow(): Promise<void> {
    const found = await Promise.all(taskIds.map((taskId) => tasks.find(taskId)));
    const honoured = found.filter((task) => task !== undefined).map(({ taskId }) => taskId);
    notify('notifications/subscriptions/acknowledged', { notifications: { taskIds: honoured } });
    const followed = honoured.map(async (taskId) => {
      try {
        const task = await tasks.follow(taskId, stop.signal, (newest) =>
          notify('notifications/tasks', encodeDetailed(newest)),
        );
        if (state === 'open') tasks.delivered(task);
      } catch {
        // The task was deleted, or the stream closed: a poll reports the rest.
      }
    });
    await Promise.all(followed);
  }

  const ended = follow().then(
    () => end(true),
    () => end(false),
  );
  return { ended, end };
}
