import type { Failure } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { InputRequest, InputResponse } from '../task/task.ts';

export type { Failure } from '../task/failure.ts';

/** Result of the handshake. */
export interface Negotiated {
  /** Protocol of the connection. @default 'mcp' */
  readonly protocol?: string | undefined;
  /** Date of the negotiated revision. */
  readonly revision: string;
  /** Name and version that the server reports. */
  readonly server: { readonly name: string; readonly version: string };
  /** Capabilities, unchanged from the server. */
  readonly capabilities: JsonObject;
  /** The server's instructions for models. */
  readonly instructions?: string | undefined;
  /** 2025-11-25 over HTTP: the session, to which tasks may be bound. */
  readonly sessionId?: string | undefined;
}

/** Options of one request. */
export interface RequestOptions {
  /** Aborting cancels the request with a `ConnectionFailure` `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** In ms; `null` has no timeout (a `tasks/result` stream). @default 30_000 */
  readonly timeoutMs?: number | null | undefined;
  /** Called right before the first byte is written. False ends the request with `aborted`, unsent. @default true */
  readonly maySend?: (() => boolean) | undefined;
  /** Name of this request's stream. Server requests on the stream carry it, if the transport distinguishes streams. */
  readonly stream?: string | undefined;
}

/** Thrown by a `Connection` when a request has no result. The task client turns it into outcomes and `TaskError`s. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /** Reason of the failure. */
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/** A request from the server to this client. */
export interface IncomingRequest {
  /** Method, such as `elicitation/create`. */
  readonly method: string;
  /** Params, unchanged. */
  readonly params: JsonObject;
  /** Name of the client request on whose stream this request came, if known. */
  readonly stream?: string | undefined;
  /** Aborted when the server withdraws the request. */
  readonly signal: AbortSignal;
}

/** How one protocol encodes tasks. Made by this library; opaque to other code. */
export interface Dialect {
  readonly protocol: string;
  readonly revision: string;
  /** Present if the protocol can find a call whose response was lost. */
  readonly find?: unknown;
}

/** A connection to a server, independent of the SDK below: raw JSON-RPC, and the result of the handshake. */
export interface Connection {
  /** Identity of the server. */
  readonly identity: ServerIdentity;
  /** Result of the handshake. */
  readonly negotiated: Negotiated;
  /** Dialect of the connection's tasks, if loaded with it. @default the negotiated revision of MCP */
  readonly dialect?: Dialect | undefined;
  /** Why the connection accepts no more requests: it ended or was closed. @default unknown until a request fails */
  readonly ended?: Failure | undefined;
  /** The raw `result`, undecoded. @throws {ConnectionFailure} */
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonValue>;
  /**
   * Sets the one handler for server requests (elicitation, sampling on 2025-11-25); returns its remover. Requests wait
   * while no handler is set.
   */
  onRequest(handler: (request: IncomingRequest) => Promise<JsonObject>): () => void;
  /** Adds a listener for server notifications. Returns its remover. */
  onNotification(listener: (method: string, params: JsonObject) => void): () => void;
  /** Called once when the connection ended by itself. */
  onClosed(listener: (failure: Failure) => void): () => void;
  /**
   * Called each time the connection was lost and could not be reopened. The next request, or `ready`, opens it.
   * @default the connection ends for good
   */
  readonly onLost?: ((listener: (failure: Failure) => void) => () => void) | undefined;
  /** Opens the connection if none is open and the back-off has passed. @throws {ConnectionFailure} */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Called each time the connection was reopened after it had ended. @default the connection ends for good */
  readonly onReopened?: ((listener: () => void) => () => void) | undefined;
  /**
   * Opens a push stream for these tasks (2026-07-28 `subscriptions/listen`); events reach `onNotification` as
   * `notifications/tasks`. Resolves when the server acknowledges, with the ids it honours.
   */
  readonly subscribe?: ((taskIds: readonly string[], signal: AbortSignal) => Promise<Subscription>) | undefined;
  /**
   * Passes a task's question to the handlers of the host's own client, so that no person has to call `answer()`. A
   * question without a handler stays open.
   */
  readonly askHost?: ((request: InputRequest) => Promise<InputResponse>) | undefined;
  /** Closes the connection; a host's own client stays open. Cancels no task, and ends no session with open tasks. */
  close(options?: { readonly keepSession?: boolean }): Promise<void>;
}

/** A push stream that the server has acknowledged. */
export interface Subscription {
  /** Task ids that the stream covers; other tasks are polled. */
  readonly honoured: readonly string[];
  /** Settles when the stream ends, for any reason. */
  readonly ended: Promise<void>;
}
