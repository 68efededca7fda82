import { isJsonObject, type JsonObject } from '../../task/json.ts';
import type { ServerIdentity } from '../../task/record.ts';
import { type Connection, ConnectionFailure, type Failure, type Negotiated, type Subscription } from '../connection.ts';
import { createParamHeaders } from '../http/param-headers.ts';
import { type ChannelOptions, openChannel } from './channel.ts';
import { hostTasks } from './hosted-tasks.ts';
import type { Wire } from './wire.ts';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const RELATED_TASK = 'io.modelcontextprotocol/related-task';
const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** Server requests that a person, or a model, can answer. */
export const QUESTIONS: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage']);

export interface ConnectionOverOptions extends Omit<ChannelOptions, 'handles' | 'headersOf' | 'onResult'> {
  readonly identity: ServerIdentity;
  readonly negotiated: () => Negotiated;
  /** Questions that this connection handles: all, those of its tasks, or none (the client's handlers get them). */
  readonly questions: 'all' | 'of-tasks' | 'none';
  /** Methods that count as questions. The client answers all others, or -32601 without a handler. @default QUESTIONS */
  readonly asked?: ReadonlySet<string> | undefined;
  readonly askHost?: Connection['askHost'] | undefined;
  /** True lets the server send questions as tasks. @default false */
  readonly hostTasks?: boolean | undefined;
}

/** A connection that shares the wire with the client that owns it. */
export function connectionOver(wire: Wire, options: ConnectionOverOptions): Connection {
  /** Tasks of this connection. The host handles the questions of its own tasks. */
  const tasks = new Set<string>();
  const { asked = QUESTIONS } = options;
  const mirror = options.envelope === undefined ? undefined : createParamHeaders();
  const channel = openChannel(wire, {
    ...options,
    onResult(result) {
      const made = isJsonObject(result) && isJsonObject(result.task) ? result.task.taskId : undefined;
      if (typeof made === 'string') tasks.add(made);
    },
    headersOf: (method, params) => (method === 'tools/call' ? mirror?.headersFor(params) : undefined),
    handles(method, params) {
      if (options.questions === 'none' || !asked.has(method)) return false;
      return options.questions === 'all' || tasks.has(relatedTask(params) ?? '');
    },
  });

  // Wraps the wire last, so that layers below see plain questions. On revisions with an envelope, there are none.
  const stopHosting = options.hostTasks === true && options.envelope === undefined ? hostTasks(wire) : undefined;

  const request: Connection['request'] = async (method, params, requestOptions) => {
    if (typeof params.taskId === 'string') tasks.add(params.taskId);
    const result = await channel.request(method, params, requestOptions).catch(async (error: unknown) => {
      if (mirror === undefined || method !== 'tools/call' || mirror.isKnown(params.name)) throw error;
      if (!(error instanceof ConnectionFailure && isHeaderMismatch(error.failure))) throw error;
      // Refused before it ran: the required headers are known only from `tools/list`.
      mirror.learn(await channel.request('tools/list', {}, requestOptions));
      return channel.request(method, params, requestOptions);
    });
    return mirror !== undefined && method === 'tools/list' ? mirror.learn(result) : result;
  };

  async function subscribe(taskIds: readonly string[], signal: AbortSignal): Promise<Subscription> {
    const failed = new AbortController();
    const stop = AbortSignal.any([signal, failed.signal]);
    let listenId: string | undefined;
    let unlisten = (): unknown => undefined;
    const acknowledged = new Promise<readonly string[]>((resolve) => {
      unlisten = channel.onNotification((method, params) => {
        if (method !== ACKNOWLEDGED || !isJsonObject(params._meta)) return;
        if (params._meta[SUBSCRIPTION_ID] !== listenId) return;
        const { notifications } = params;
        const honoured = isJsonObject(notifications) ? notifications.taskIds : undefined;
        resolve(Array.isArray(honoured) ? honoured.filter((id) => typeof id === 'string') : []);
      });
    });
    const filter = { notifications: { taskIds } };
    const stream = channel.open('subscriptions/listen', filter, { signal: stop, timeoutMs: null }, (id) => {
      listenId = id;
    });
    const early = stream.then(() => {
      throw new ConnectionFailure({ kind: 'transport', message: 'the subscription ended before it was confirmed' });
    });
    try {
      const honoured = await Promise.race([acknowledged, early]);
      return { honoured, ended: stream.then(nothing, nothing) };
    } catch (error) {
      failed.abort();
      throw error;
    } finally {
      unlisten();
    }
  }

  return {
    identity: options.identity,
    get negotiated() {
      return options.negotiated();
    },
    get ended() {
      return channel.ended;
    },
    request,
    onRequest: channel.onRequest,
    onNotification: channel.onNotification,
    onClosed: channel.onClosed,
    ...(options.envelope === undefined ? {} : { subscribe }),
    ...(options.askHost === undefined ? {} : { askHost: options.askHost }),
    close() {
      stopHosting?.();
      return channel.close();
    },
  };
}

function nothing(): void {}

function isHeaderMismatch(failure: Failure): boolean {
  return failure.kind === 'rpc' && failure.code === -32020;
}

function relatedTask(params: JsonObject): string | undefined {
  const related = isJsonObject(params._meta) ? params._meta[RELATED_TASK] : undefined;
  return isJsonObject(related) && typeof related.taskId === 'string' ? related.taskId : undefined;
}

/** Adds the tasks extension to the capabilities that the client declares. */
export function withTasks(envelope: JsonObject): JsonObject {
  const declared = isJsonObject(envelope[CAPABILITIES]) ? envelope[CAPABILITIES] : {};
  const extensions = isJsonObject(declared.extensions) ? declared.extensions : {};
  return { ...envelope, [CAPABILITIES]: { ...declared, extensions: { ...extensions, [TASKS_EXTENSION]: {} } } };
}
