import type { FollowedTask } from '../api/handle-api.ts';
import type { CallToolResult } from '../task/tool-result.ts';

/** A JSON-RPC 2.0 message, as in the SDKs. */
export interface TransportMessage {
  /** Version of JSON-RPC. */
  readonly jsonrpc: '2.0';
}

/** A transport for the clients of both SDKs, of AI SDK and of LangChain. */
export interface TaskTransport {
  /** Does nothing: the task client has the connection. */
  start(): Promise<void>;
  /** Handles a message of the host's client. Responses come through `onmessage`. */
  send(message: TransportMessage): Promise<void>;
  /** Closes the transport. Tasks keep running, and the task client stays open. */
  close(): Promise<void>;
  /** Set by the host's client. */
  onmessage: (message: TransportMessage) => void;
  /** Set by the host's client. */
  onclose: () => void;
  /** Set by the host's client. Receives errors outside requests, such as an answer that does not match its question. */
  onerror: (error: Error) => void;
}

/** Options of a task transport. */
export interface TaskTransportOptions {
  /**
   * How long a call waits for its end, in ms; then it is answered with `background` and keeps running. Most clients
   * time out after 60 s. `Infinity` always waits for the end; the tools then keep their `outputSchema`.
   * @default 50_000
   */
  readonly holdMs?: number | undefined;
  /**
   * Builds the reply of a call that keeps running; its argument can be awaited, shown and cancelled.
   * @default a text: the tool still runs, or waits for a person, and an equal call joins this run
   */
  readonly background?: ((task: FollowedTask) => CallToolResult | undefined) | undefined;
  /**
   * True: an equal call (tool and arguments) joins the open one, or gets the undelivered result of the last one: agents
   * repeat calls that seem to hang. @default true
   */
  readonly join?: boolean | undefined;
  /** Labels of each call's record, such as its user. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}
