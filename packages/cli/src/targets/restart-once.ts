import {
  type Connection,
  ConnectionFailure,
  type Failure,
  type IncomingRequest,
  type JsonObject,
} from '@mcp-tasks/client';
import { asFailure } from './as-failure.ts';

type Handler = (request: IncomingRequest) => Promise<JsonObject>;
type Listener = (method: string, params: JsonObject) => void;

/**
 * A server that is our child, started once more when it has died by itself: tasks that it keeps on disk are followed
 * on. One that dies again stays dead. Nothing is sent a second time here: what was under way has failed, and only the
 * next request starts the server.
 */
export function restartOnce(
  first: Connection,
  open: () => Promise<Connection>,
  onRestart: (death: Failure) => void,
): Connection {
  const listeners = new Set<Listener>();
  const closedListeners = new Set<(failure: Failure) => void>();
  let handler: Handler | undefined;
  let current: Connection | undefined;
  let death: Failure | undefined;
  let starting: Promise<Connection> | undefined;
  let closed = false;
  let last: Failure | undefined;

  function use(connection: Connection): void {
    current = connection;
    if (handler !== undefined) connection.onRequest(handler);
    for (const listener of listeners) connection.onNotification(listener);
    connection.onClosed((failure) => {
      const isLast = death !== undefined;
      current = undefined;
      death = failure;
      if (isLast) last = failure;
      if (isLast) for (const listener of closedListeners) listener(failure);
    });
  }

  async function start(failure: Failure): Promise<Connection> {
    onRestart(failure);
    const opened = await open().catch((error: unknown) => {
      throw asFailure(error);
    });
    if (closed || opened.negotiated.revision !== first.negotiated.revision) {
      await opened.close({ keepSession: true });
      const message = `it was started again and now speaks ${opened.negotiated.revision}`;
      throw new ConnectionFailure({ kind: closed ? 'aborted' : 'invalid', message });
    }
    use(opened);
    return opened;
  }

  async function living(): Promise<Connection> {
    if (current !== undefined) return current;
    if (death === undefined || closed) throw new ConnectionFailure({ kind: 'aborted', message: 'it was closed' });
    starting ??= start(death).catch((error: unknown) => {
      last = asFailure(error).failure; // there is no third start
      throw error;
    });
    const opened = await starting;
    if (current === opened) return opened;
    throw new ConnectionFailure(death);
  }

  use(first);
  const subscribe: Connection['subscribe'] = async (taskIds, signal) => {
    const now = await living();
    if (now.subscribe !== undefined) return now.subscribe(taskIds, signal);
    throw new ConnectionFailure({ kind: 'rpc', code: -32601, message: 'It does not tell of changes itself' });
  };
  return {
    identity: first.identity,
    get negotiated() {
      return (current ?? first).negotiated;
    },
    get ended() {
      return last;
    },
    ...(first.subscribe === undefined ? {} : { subscribe }),
    async request(method, params, options) {
      return (await living()).request(method, params, options);
    },
    onRequest(next) {
      handler = next;
      const remove = current?.onRequest(next);
      return () => {
        handler = undefined;
        remove?.();
      };
    },
    onNotification(listener) {
      listeners.add(listener);
      const remove = current?.onNotification(listener);
      return () => {
        listeners.delete(listener);
        remove?.();
      };
    },
    onClosed(listener) {
      closedListeners.add(listener);
      return () => closedListeners.delete(listener);
    },
    async close(options) {
      closed = true;
      await (current ?? (await starting?.catch(() => undefined)))?.close(options);
    },
  };
}
