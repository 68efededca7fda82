import { type Connection, ConnectionFailure, type Failure } from '../connect/connection.ts';
import type { JsonObject } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { ProtocolError } from '../task/task.ts';
import { PeerError } from './peer.ts';
import type { KeeperLine } from './reach-keeper.ts';

/** A connection to a server through its keeper: requests pass through; the keeper handles server requests. */
export interface KeptConnection extends Connection {
  /** Continues with another keeper of the same server. */
  use(line: KeeperLine): void;
  notified(method: string, params: JsonObject): void;
  /** Ends the connection: requests fail from now on. */
  end(failure: Failure): void;
}

const CLOSED: Failure = { kind: 'aborted', message: 'the connection was closed' };

export function createKeptConnection(first: KeeperLine, identity: ServerIdentity): KeptConnection {
  const listeners = new Set<(method: string, params: JsonObject) => void>();
  const closed = new Set<(failure: Failure) => void>();
  let line = first;
  let ended: Failure | undefined;

  return {
    identity,
    get negotiated() {
      const { revision, server, capabilities, instructions } = line.hello;
      return { revision, server, capabilities, ...(instructions === null ? {} : { instructions }) };
    },
    get ended() {
      return ended;
    },
    async request(method, params, { signal } = {}) {
      if (ended !== undefined) throw new ConnectionFailure(ended);
      try {
        return await line.forward(method, params, signal);
      } catch (error) {
        if (error instanceof PeerError) throw new ConnectionFailure(asFailure(error.error), error);
        throw new ConnectionFailure({ kind: 'aborted', message: 'the request was aborted' }, error);
      }
    },
    onRequest: () => () => undefined,
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClosed(listener) {
      closed.add(listener);
      return () => closed.delete(listener);
    },
    use(next) {
      line = next;
    },
    notified(method, params) {
      for (const listener of [...listeners]) listener(method, params);
    },
    end(failure) {
      if (ended !== undefined) return;
      ended = failure;
      for (const listener of [...closed]) listener(failure);
    },
    async close() {
      ended ??= CLOSED;
      line.close();
    },
  };
}

/** Only a JSON-RPC error has a code; without one the request did not reach the server. */
function asFailure({ code, message, data }: ProtocolError): Failure {
  return code === null ? { kind: 'transport', message } : { kind: 'rpc', code, message, data: data ?? undefined };
}
