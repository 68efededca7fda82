import type { Target } from '../task/record.ts';
import type { Connection } from './connection.ts';

/** How to reach a server, and what to call it. */
export interface ConnectOptions {
  /** Sent with each HTTP request; never stored. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Environment of a stdio server, beside the safe defaults; never stored. @default the safe defaults alone */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Re-use this 2025-11-25 session instead of `initialize`. @default a new session */
  readonly sessionId?: string | undefined;
  /** With `sessionId`: the capabilities are unknown, so the revision is told. @default what is negotiated */
  readonly revision?: string | undefined;
  /** For people. @default the host name or the command */
  readonly label?: string | undefined;
  /** Whom the server knows us as; keeps the tasks of two accounts apart. Never a secret. @default one account */
  readonly account?: string | undefined;
  /** Aborting gives up connecting with a `TaskError` `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** How long connecting may take, in ms. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /**
   * Which questions a server may put to us as tasks of ours, polling us for the answer (2025-11-25). They come as
   * questions like any other; sampling is answered with what a model said. @default none
   */
  readonly hostTasks?: readonly ('elicitation' | 'sampling')[] | undefined;
  /**
   * `sse`: HTTP+SSE, the transport of 2024-11-05, and nothing else.
   * @default Streamable HTTP, and HTTP+SSE where a server refuses to be posted to
   */
  readonly transport?: 'sse' | undefined;
  /** Sends HTTP requests: through a proxy, say. @default the platform's, without its limit on silence */
  readonly fetch?: typeof fetch | undefined;
  /** True: the server is known to say nothing to `server/discover`, and is not asked. @default false */
  readonly skipDiscovery?: boolean | undefined;
  /** Called when a server said nothing to `server/discover`: next time it need not be asked. */
  readonly onDiscoverySilence?: (() => void) | undefined;
  /** Lines a stdio server writes to its standard error. @default they are dropped */
  readonly onStderr?: ((line: string) => void) | undefined;
}

/** What opens a connection: `connect` of `@mcp-tasks/client/connect`, or a host's own. */
export type Connect = (target: Target, options?: ConnectOptions) => Promise<Connection>;
