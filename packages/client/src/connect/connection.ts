import type { Failure } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import type { InputRequest, InputResponse } from '../task/task.ts';

export type { Failure } from '../task/failure.ts';

/** What both sides agreed on when they connected. */
export interface Negotiated {
  /** What both speak. @default 'mcp' */
  readonly protocol?: string | undefined;
  /** The revision's date, as negotiated. */
  readonly revision: string;
  /** What the server calls itself. */
  readonly server: { readonly name: string; readonly version: string };
  /** What the server offers, as it said it. */
  readonly capabilities: JsonObject;
  /** What the server says to models about using it. */
  readonly instructions?: string | undefined;
  /** 2025-11-25 over HTTP: the session that tasks may be tied to. */
  readonly sessionId?: string | undefined;
}

/** How to send one request. */
export interface RequestOptions {
  /** Aborting gives the request up with a `ConnectionFailure` `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** In ms; `null` waits for ever (a `tasks/result` stream). @default 30_000 */
  readonly timeoutMs?: number | null | undefined;
  /** A name for the stream of this request: what the server asks on it carries the name, where the transport can tell. */
  readonly stream?: string | undefined;
}

/** What a `Connection` throws when a request has no result. A task client turns it into outcomes and `TaskError`s. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /** What went wrong. */
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/** A request of the server to us. */
export interface IncomingRequest {
  /** Such as `elicitation/create`. */
  readonly method: string;
  /** As they came. */
  readonly params: JsonObject;
  /** The name of the request of ours on whose stream it came, where that is known. */
  readonly stream?: string | undefined;
  /** Aborted when the server withdraws it. */
  readonly signal: AbortSignal;
}

/** How tasks are spoken of in one protocol: made by this library, opaque to who carries it. */
export interface Dialect {
  readonly protocol: string;
  readonly revision: string;
  /** Present where a call whose answer was lost may be found at its server. */
  readonly find?: unknown;
}

/** A server we can talk to, whatever SDK carries it: raw JSON-RPC, and what was negotiated. */
export interface Connection {
  /** Who the server is. */
  readonly identity: ServerIdentity;
  /** What was agreed on. */
  readonly negotiated: Negotiated;
  /** What its tasks speak, where that is loaded with the connection. @default the negotiated revision of MCP */
  readonly dialect?: Dialect | undefined;
  /** Why nothing can be sent any more, by itself or because it was left. @default nobody can tell before trying */
  readonly ended?: Failure | undefined;
  /** The raw `result`, undecoded. @throws {ConnectionFailure} */
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonValue>;
  /** Requests of the server to us (elicitation, sampling on 2025-11-25). One handler; returns what removes it. Without a handler they wait until there is one. */
  onRequest(handler: (request: IncomingRequest) => Promise<JsonObject>): () => void;
  /** Notifications of the server. Returns what removes the listener. */
  onNotification(listener: (method: string, params: JsonObject) => void): () => void;
  /** Called once when the connection ended by itself. */
  onClosed(listener: (failure: Failure) => void): () => void;
  /**
   * Called each time the connection was lost, and could not be opened anew. The next request opens it, or `ready`.
   * @default it ends for good
   */
  readonly onLost?: ((listener: (failure: Failure) => void) => () => void) | undefined;
  /** Opens the connection where none is open, unless its time has not come. @throws {ConnectionFailure} */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Called each time the connection was opened anew after it had ended. @default it ends for good */
  readonly onReopened?: ((listener: () => void) => () => void) | undefined;
  /**
   * Push for these tasks (2026-07-28 `subscriptions/listen`); events arrive through `onNotification` as
   * `notifications/tasks`. Resolves once acknowledged, with the ids the server honours; `ended` settles when the stream ends.
   */
  readonly subscribe?: ((taskIds: readonly string[], signal: AbortSignal) => Promise<Subscription>) | undefined;
  /**
   * Puts a task's question to the handlers that the host has set on its own client. Where it is, questions need no
   * `answer()` of a person; one that no handler takes stays open.
   */
  readonly askHost?: ((request: InputRequest) => Promise<InputResponse>) | undefined;
  /** Ends the connection, and a host's own client not at all. Never cancels a task and never ends a session that has open tasks. */
  close(options?: { readonly keepSession?: boolean }): Promise<void>;
}

/** A push stream that the server has acknowledged. */
export interface Subscription {
  /** The task ids it will tell of; the others are polled. */
  readonly honoured: readonly string[];
  /** Settles when the stream ends, for whatever reason. */
  readonly ended: Promise<void>;
}
