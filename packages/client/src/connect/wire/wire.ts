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
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the transports of both SDK lines have in common. */
export interface Wire {
  onmessage?: ((message: WireMessage, extra?: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  /** A message could not be read. What there is of it may name the request that it was to answer. */
  onlost?: ((failure: Failure, text: string) => void) | undefined;
  readonly sessionId?: string | undefined;
  /** How the other side ended, in words, where that is known. */
  readonly ending?: string | undefined;
  send(message: WireMessage, options?: WireSendOptions): Promise<void>;
  close(): Promise<void>;
}

export function isResponse(message: WireMessage): boolean {
  return message.method === undefined && message.id !== undefined;
}
