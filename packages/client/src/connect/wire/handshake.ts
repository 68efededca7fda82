import type { Failure } from '../../task/failure.ts';
import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { rpcFailure } from './classify.ts';

/** The SDK's error for a JSON-RPC error, or for an unusable answer to `initialize`. */
interface Refusal {
  readonly name?: string;
  readonly message: string;
  readonly code?: unknown;
  readonly data?: unknown;
}

/** Why the server refused the handshake; undefined without an answer. */
export function refusalOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, data } = error as Refusal;
  // HTTP statuses appear as error codes, too.
  if (typeof code === 'number' && (code < 0 || name === 'ProtocolError')) {
    return rpcFailure({ code, message, data: data as JsonValue });
  }
  if (code === 'INVALID_RESULT' || /protocol version is not supported/i.test(message)) {
    const firstLine = message.split('\n', 1)[0] ?? message;
    return { kind: 'invalid', message: `it answered initialize with an invalid result: ${firstLine}` };
  }
  return undefined;
}

/** Protocol versions that the server names in its refusal. */
export function versionsOffered(failure: Failure | undefined): readonly string[] {
  const data = failure?.kind === 'rpc' ? failure.data : undefined;
  const supported = data !== undefined && isJsonObject(data) ? data.supported : undefined;
  return Array.isArray(supported) ? supported.filter((version) => typeof version === 'string') : [];
}
