import type { Failure } from '../core/failure.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import type { ServerIdentity } from '../core/record.ts';

export type { Failure } from '../core/failure.ts';

export interface Negotiated {
  /** The revision's date, as negotiated. */
  readonly revision: string;
  readonly server: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly instructions?: string | undefined;
  /** 2025-11-25 over HTTP. */
  readonly sessionId?: string | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** In ms; `null` waits for ever (a `tasks/result` stream). @default 30_000 */
  readonly timeoutMs?: number | null | undefined;
}

export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

export interface IncomingRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly signal: AbortSignal;
}

/** A server we can talk to, whatever SDK carries it: raw JSON-RPC, and what was negotiated. */
export interface Connection {
  readonly identity: ServerIdentity;
  readonly negotiated: Negotiated;
  /** The raw `result`, undecoded. @throws {ConnectionFailure} */
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonValue>;
  /** Requests of the server to us (elicitation, sampling on 2025-11-25). One handler; returns what removes it. Without a handler they wait until there is one. */
  onRequest(handler: (request: IncomingRequest) => Promise<JsonObject>): () => void;
  /** Notifications of the server. Returns what removes the listener. */
  onNotification(listener: (method: string, params: JsonObject) => void): () => void;
  /** Called once when the connection ended by itself. */
  onClosed(listener: (failure: Failure) => void): () => void;
  /**
   * Push for these tasks (2026-07-28 `subscriptions/listen`); events arrive through `onNotification` as
   * `notifications/tasks`. Resolves once acknowledged, with the ids the server honours; `ended` settles when the stream ends.
   */
  subscribe?(taskIds: readonly string[], signal: AbortSignal): Promise<Subscription>;
  /** Ends the connection. Never cancels a task and never ends a session that has open tasks. */
  close(options?: { readonly keepSession?: boolean }): Promise<void>;
}

export interface Subscription {
  readonly honoured: readonly string[];
  readonly ended: Promise<void>;
}
