import type { JsonObject } from '../task/json.ts';
import type { Target } from '../task/record.ts';
import type { Connection } from './connection.ts';

/** Answers those requests of a server that need no person. */
export interface ProgramAnswers {
  /** Methods that it answers: model output, and the list of folders. They are declared to the server. */
  readonly methods: readonly ('sampling/createMessage' | 'roots/list')[];
  /** Resolves to the result. A rejection is sent as an error, with its `code` if it has one. */
  answer(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;
}

/** Options of a connection. */
export interface ConnectOptions {
  /** Sent with each HTTP request; never stored. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Environment of a stdio server, beside the safe defaults; never stored. @default the safe defaults alone */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Re-use this 2025-11-25 session instead of `initialize`. @default a new session */
  readonly sessionId?: string | undefined;
  /** With `sessionId`: the session's revision, since the server is not asked again. @default the negotiated revision */
  readonly revision?: string | undefined;
  /** Label of the server, for people. @default the host name or the command */
  readonly label?: string | undefined;
  /** Account at the server; keeps the tasks of two accounts apart. Never a secret. @default one account */
  readonly account?: string | undefined;
  /** Aborting ends the attempt with a `TaskError` `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Timeout of connecting, in ms. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /**
   * Question kinds that a server may send as tasks of ours and poll for the answer (2025-11-25). They appear as
   * ordinary questions; a sampling question is answered with the model's text. @default none
   */
  readonly hostTasks?: readonly ('elicitation' | 'sampling')[] | undefined;
  /**
   * Answers sampling and roots: at once on 2025-11-25; on 2026-07-28 they are questions of their task.
   * @default both are refused
   */
  readonly answers?: ProgramAnswers | undefined;
  /**
   * `sse`: use only HTTP+SSE, the transport of 2024-11-05.
   * @default Streamable HTTP, then HTTP+SSE if the server refuses POST
   */
  readonly transport?: 'sse' | undefined;
  /**
   * Sends every HTTP request of the connection: handshake, sign-in, calls, streams and polls.
   * @default the platform's `fetch` without its idle timeout, through the environment's proxy; polls go over keep-alive
   * sockets on Node
   */
  readonly fetch?: typeof fetch | undefined;
  /** True skips `server/discover`, for a server known not to answer it. @default false */
  readonly skipDiscovery?: boolean | undefined;
  /** Called when the server did not answer `server/discover`: the next connection can skip it. */
  readonly onDiscoverySilence?: (() => void) | undefined;
  /** Receives each line of a stdio server's standard error. @default lines are dropped */
  readonly onStderr?: ((line: string) => void) | undefined;
}

/** Opens a connection: `connect` of `@mcp-tasks/client/connect`, or the host's own function. */
export type Connect = (target: Target, options?: ConnectOptions) => Promise<Connection>;
