import type { FollowedTask } from '../api/handle-api.ts';
import type { CallToolResult } from '../task/tool-result.ts';

/** A message of JSON-RPC 2.0, as the SDKs hand it over. */
export interface TransportMessage {
  /** The version of JSON-RPC. */
  readonly jsonrpc: '2.0';
}

/** What the clients of both SDKs, of AI SDK and of LangChain take as a transport. */
export interface TaskTransport {
  /** Connects nothing: the task client has the connection. */
  start(): Promise<void>;
  /** A message of the client above. Answers come through `onmessage`. */
  send(message: TransportMessage): Promise<void>;
  /** Ends this line. Tasks go on, and the task client stays open. */
  close(): Promise<void>;
  /** Set by the client above. */
  onmessage: (message: TransportMessage) => void;
  /** Set by the client above. */
  onclose: () => void;
  /** Set by the client above. Hears what belongs to no request, such as an answer that did not fit its question. */
  onerror: (error: Error) => void;
}

/** How calls of the client above are held, and what it is told. */
export interface TaskTransportOptions {
  /**
   * How long a call is held, in ms. One that takes longer is answered with `background`, and goes on. Most clients give
   * a request 60 s. `Infinity` always waits for the end; the tools then keep their `outputSchema`.
   * @default 50_000
   */
  readonly holdMs?: number | undefined;
  /**
   * What to answer when a call is held no longer, and where to hear of it: the task can be awaited, shown and cancelled.
   * @default a text that says that the tool still runs, or waits for a person, and that calling it again joins this run
   */
  readonly background?: ((task: FollowedTask) => CallToolResult | undefined) | undefined;
  /**
   * An equal call (tool and arguments) joins the one that is open, or gets the result of the one that ended while nobody
   * waited for it: agents repeat calls that seem to hang. @default true
   */
  readonly join?: boolean | undefined;
  /** Goes on the record of each call: who it is for, say. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}
