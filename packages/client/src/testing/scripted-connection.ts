import {
  type Connection,
  ConnectionFailure,
  type Failure,
  type IncomingRequest,
  type Negotiated,
  type Subscription,
} from '../connect/connection.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';

/** A request that the client sent. */
export interface SentRequest {
  /** Method, such as `tasks/get`. */
  readonly method: string;
  /** Params, unchanged. */
  readonly params: JsonObject;
}

/** Response of the scripted server to one request: a result, or a {@link Failure} thrown by `fail()`. */
export type Script = (request: SentRequest, count: number) => JsonValue | Promise<JsonValue>;

/** A connection to a scripted server: records requests, and sends messages on behalf of a test. */
export interface ScriptedConnection extends Connection {
  /** All requests, in order. */
  readonly sent: readonly SentRequest[];
  /** Number of requests with this method. */
  count(method: string): number;
  /** Sends a notification of the server. */
  notify(method: string, params: JsonObject): void;
  /** Sends a request of the server; resolves to the client's response. */
  ask(method: string, params: JsonObject): Promise<JsonObject>;
}

/** Makes the scripted server fail: `fail({ kind: 'transport', message: 'gone' })`. @throws {ConnectionFailure} */
export function fail(failure: Failure): never {
  throw new ConnectionFailure(failure);
}

/** Options of a scripted server. */
export interface ScriptedConnectionOptions {
  /** Date of the negotiated revision. */
  readonly revision: string;
  /** Capabilities; without tasks, calls are answered at once. @default {} */
  readonly capabilities?: JsonObject;
  /** Fingerprint of the server. @default 'scripted' */
  readonly fingerprint?: string;
  /** Account at the server. @default none */
  readonly account?: string;
  /** Implements `subscribe`. @default no push */
  readonly subscribe?: (taskIds: readonly string[], signal: AbortSignal) => Promise<Subscription>;
}

/** A server in memory, for tests that are about time and not about the wire. */
export function createScriptedConnection(options: ScriptedConnectionOptions, script: Script): ScriptedConnection {
  const { revision, capabilities = {}, fingerprint = 'scripted' } = options;
  const sent: SentRequest[] = [];
  const listeners = new Set<(method: string, params: JsonObject) => void>();
  let handler: ((request: IncomingRequest) => Promise<JsonObject>) | undefined;
  const account = options.account === undefined ? {} : { account: options.account };
  const negotiated: Negotiated = { revision, capabilities, server: { name: 'scripted', version: '1' } };
  const count = (method: string): number => sent.filter((request) => request.method === method).length;

  return {
    identity: { fingerprint, label: 'scripted', target: { kind: 'host', name: 'scripted' }, ...account },
    negotiated,
    sent,
    count,
    async request(method, params, { signal } = {}) {
      const request = { method, params };
      if (signal?.aborted) return fail({ kind: 'aborted', message: 'aborted by this client' });
      sent.push(request);
      return untilAborted(Promise.resolve(script(request, count(method))), signal);
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
    ...(options.subscribe === undefined ? {} : { subscribe: options.subscribe }),
    notify(method, params) {
      for (const listener of listeners) listener(method, params);
    },
    async ask(method, params) {
      if (handler === undefined) return fail({ kind: 'rpc', code: -32601, message: 'No listener for questions' });
      return handler({ method, params, signal: new AbortController().signal });
    },
    close: async () => undefined,
  };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new ConnectionFailure({ kind: 'aborted', message: 'aborted by this client' }));
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onAbort));
  });
}
