import type { Failure } from '../../task/failure.ts';
import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { rpcFailure } from './classify.ts';

/** What the SDK throws for a JSON-RPC error, and for an answer to `initialize` that it cannot accept. */
interface Refusal {
  readonly name?: string;
  readonly message: string;
  readonly code?: unknown;
  readonly data?: unknown;
}

/** Why the server refused the handshake; undefined where it did not come to an answer. */
export function refusalOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, data } = error as Refusal;
  // Statuses of HTTP are codes of errors too.
  if (typeof code === 'number' && (code < 0 || name === 'ProtocolError')) {
    return rpcFailure({ code, message, data: data as JsonValue });
  }
  if (code === 'INVALID_RESULT' || /protocol version is not supported/i.test(message)) {
    const words = message.split('\n', 1)[0] ?? message;
    return { kind: 'invalid', message: `it answers initialize with something unusable: ${words}` };
  }
  return undefined;
}

/** The protocol versions that a server names when it refuses ours. */
export function versionsOffered(failure: Failure | undefined): readonly string[] {
  const data = failure?.kind === 'rpc' ? failure.data : undefined;
  const supported = data !== undefined && isJsonObject(data) ? data.supported : undefined;
  return Array.isArray(supported) ? supported.filter((version) => typeof version === 'string') : [];
}
