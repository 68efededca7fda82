import { type Connection, ConnectionFailure, type IncomingRequest, type TaskRecord } from '@mcp-tasks/client';
import { asFailure } from './as-failure.ts';

/**
 * The server of a record, reached when something is really asked of it: a task that another process holds, or one
 * that is settled, costs no connection, and a view is on the screen before the network answers. A line that broke is
 * opened anew at the next request, which the cadence of polling spaces out.
 */
export function createLazyConnection(record: TaskRecord, open: () => Promise<Connection>): Connection {
  const listeners = new Set<(method: string, params: IncomingRequest['params']) => void>();
  let handler: ((request: IncomingRequest) => ReturnType<Parameters<Connection['onRequest']>[0]>) | undefined;
  let current: Promise<Connection> | undefined;
  let closed = false;

  function connection(): Promise<Connection> {
    if (closed) return Promise.reject(new ConnectionFailure({ kind: 'aborted', message: 'The connection was closed' }));
    current ??= begin();
    return current;
  }

  async function begin(): Promise<Connection> {
    try {
      const opened = await open();
      refuseOther(record, opened);
      if (handler !== undefined) opened.onRequest(handler);
      for (const listener of listeners) opened.onNotification(listener);
      opened.onClosed((failure) => {
        // A server that is our child was started again already, once.
        const isChild = record.server.target.kind === 'command';
        current = isChild ? Promise.reject(new ConnectionFailure(failure)) : undefined;
        current?.catch(() => undefined);
      });
      return opened;
    } catch (error) {
      current = undefined;
      throw asFailure(error);
    }
  }

  return {
    identity: record.server,
    negotiated: {
      revision: record.revision,
      server: { name: record.server.label, version: '' },
      capabilities: {},
      sessionId: record.sessionId,
    },
    async request(method, params, options) {
      return (await connection()).request(method, params, options);
    },
    onRequest(next) {
      handler = next;
      return () => {
        handler = undefined;
      };
    },
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClosed: () => () => undefined,
    async subscribe(taskIds, signal) {
      const opened = await connection();
      if (opened.subscribe !== undefined) return opened.subscribe(taskIds, signal);
      throw new ConnectionFailure({
        kind: 'rpc',
        code: -32601,
        message: 'This server does not tell of changes itself',
      });
    },
    async close(options) {
      closed = true;
      const opened = await current?.catch(() => undefined);
      await opened?.close(options);
    },
  };
}

function refuseOther(record: TaskRecord, opened: Connection): void {
  const { revision } = opened.negotiated;
  if (revision === record.revision) return;
  void opened.close({ keepSession: true }).catch(() => undefined);
  const message = `Task ${record.id} was made under ${record.revision}; ${record.server.label} now speaks ${revision}`;
  throw new ConnectionFailure({ kind: 'invalid', message });
}
