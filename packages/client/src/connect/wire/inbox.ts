import type { JsonObject, JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type IncomingRequest } from '../connection.ts';
import { deliverReply } from './deliver-reply.ts';
import type { WireMessage } from './wire.ts';

type Handler = (request: IncomingRequest) => Promise<JsonObject>;

/** Requests of the server. They wait for a handler, and each is answered exactly once. */
export interface Inbox {
  /** `stream`: name of the client request on whose stream it came, if known. */
  receive(id: string | number, method: string, params: JsonObject, stream?: string): void;
  /** The server withdrew a request. */
  withdraw(id: JsonValue | undefined): void;
  onRequest(handler: Handler): () => void;
  clear(): void;
}

export function createInbox(send: (message: WireMessage) => Promise<void>): Inbox {
  const open = new Map<string | number, AbortController>();
  let waiting: (() => void)[] = [];
  let handler: Handler | undefined;

  async function answer(id: string | number, request: IncomingRequest, handle: Handler): Promise<void> {
    const reply = await handle(request).then(
      (result): WireMessage => ({ jsonrpc: '2.0', id, result }),
      (error: unknown): WireMessage => ({ jsonrpc: '2.0', id, error: errorOf(error) }),
    );
    await deliverReply(() => send(reply), request.signal);
    if (open.get(id)?.signal === request.signal) open.delete(id);
  }

  return {
    receive(id, method, params, stream) {
      // A restarted server reuses ids: drop the old request, or its reply would answer the new one.
      open.get(id)?.abort();
      const abort = new AbortController();
      open.set(id, abort);
      const request = { method, params, stream, signal: abort.signal };
      const run = (): void => {
        if (abort.signal.aborted || handler === undefined) return;
        void answer(id, request, handler);
      };
      if (handler === undefined) waiting.push(run);
      else run();
    },
    withdraw(id) {
      if (typeof id !== 'string' && typeof id !== 'number') return;
      const abort = open.get(id);
      open.delete(id);
      abort?.abort();
    },
    onRequest(next) {
      handler = next;
      const ready = waiting;
      waiting = [];
      for (const run of ready) run();
      return () => {
        if (handler === next) handler = undefined;
      };
    },
    clear() {
      const all = [...open.values()];
      open.clear();
      waiting = [];
      for (const abort of all) abort.abort();
    },
  };
}

function errorOf(error: unknown): { code: number; message: string } {
  const failure = error instanceof ConnectionFailure ? error.failure : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { code: (failure?.kind === 'rpc' ? failure.code : null) ?? -32603, message };
}
