import {
  type Connection,
  ConnectionFailure,
  type Failure,
  type IncomingRequest,
  type Negotiated,
  type Subscription,
} from '../connect/connection.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';

/** What the client sent to the scripted server. */
export interface SentRequest {
  /** Such as `tasks/get`. */
  readonly method: string;
  /** As they were sent. */
  readonly params: JsonObject;
}

/** What the scripted server answers to one request: a result, or a {@link Failure} wrapped by `fail()`. */
export type Script = (request: SentRequest, count: number) => JsonValue | Promise<JsonValue>;

/** A connection that answers as it is told, counts what it was sent, and speaks when a test wants it to. */
export interface ScriptedConnection extends Connection {
  /** All of it, in order. */
  readonly sent: readonly SentRequest[];
  /** How many of this method were sent. */
  count(method: string): number;
  /** A notification of the server. */
  notify(method: string, params: JsonObject): void;
  /** A request of the server to us; resolves with our answer. */
  ask(method: string, params: JsonObject): Promise<JsonObject>;
}

/** Lets the scripted server fail: `fail({ kind: 'transport', message: 'gone' })`. @throws {ConnectionFailure} */
export function fail(failure: Failure): never {
  throw new ConnectionFailure(failure);
}

/** What the scripted server is. */
export interface ScriptedConnectionOptions {
  /** Which revision was negotiated, by its date. */
  readonly revision: string;
  /** What it offers: without tasks in them, calls are answered at once. @default {} */
  readonly capabilities?: JsonObject;
  /** Another one makes it another server. @default 'scripted' */
  readonly fingerprint?: string;
  /** Whom it knows us as. @default nobody in particular */
  readonly account?: string;
  /** What the server does about `subscribe`. @default there is no push */
  readonly subscribe?: (taskIds: readonly string[], signal: AbortSignal) => Promise<Subscription>;
}

/** A server in memory: for hosts' tests, and for ours where time is the matter and the wire is not. */
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
      if (signal?.aborted) return fail({ kind: 'aborted', message: 'given up here' });
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
      if (handler === undefined) return fail({ kind: 'rpc', code: -32601, message: 'Nobody to ask' });
      return handler({ method, params, signal: new AbortController().signal });
    },
    close: async () => undefined,
  };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new ConnectionFailure({ kind: 'aborted', message: 'given up here' }));
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onAbort));
  });
}
