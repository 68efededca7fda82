import type { Failure } from '../../task/failure.ts';
import type { JsonObject, JsonValue } from '../../task/json.ts';

export interface WireMessage {
  readonly jsonrpc: '2.0';
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: JsonObject;
  readonly result?: JsonValue;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: JsonValue };
}

export interface WireSendOptions {
  readonly requestSignal?: AbortSignal;
  readonly onRequestStreamEnd?: () => void;
  /** See `RequestOptions.maySend`. */
  readonly maySend?: (() => boolean) | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The common part of the transports of both SDK lines. */
export interface Wire {
  onmessage?: ((message: WireMessage, extra?: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  /** Called for an unreadable message. Its text may contain the id of the request. */
  onlost?: ((failure: Failure, text: string) => void) | undefined;
  readonly sessionId?: string | undefined;
  /** How the other side ended, in words, if known. */
  readonly ending?: string | undefined;
  send(message: WireMessage, options?: WireSendOptions): Promise<void>;
  close(): Promise<void>;
}

export function isResponse(message: WireMessage): boolean {
  return message.method === undefined && message.id !== undefined;
}
