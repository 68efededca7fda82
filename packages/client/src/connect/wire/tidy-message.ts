import { isTooDeep, tooDeep } from '../../protocol/depth.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';

/** Placeholder for a missing error code: the SDKs' schema requires an integer. */
export const NO_CODE = Number.MIN_SAFE_INTEGER;

/** The request that a message should answer. */
export interface Asked {
  readonly id?: string | number | undefined;
  readonly method: string;
}

/** Handshake requests. The SDKs read their answers recursively, so that a deep one overflows the stack. */
const HANDSHAKE: ReadonlySet<string> = new Set(['server/discover', 'initialize']);

/**
 * Repairs a JSON-RPC response that the SDKs refuse although its meaning is clear: `error: null` beside a result, an
 * error that is a text or has no code, `id: null` for the only open request, nulls in the answer to `initialize`; drops
 * the data of an error that is nested too deep. Returns all other messages unchanged.
 */
export function tidyMessage(message: unknown, asked?: Asked): unknown {
  if (!isJsonObject(message as JsonValue)) return message;
  const { method, error, result, ...rest } = message as JsonObject;
  if (method !== undefined || (error === undefined && result === undefined)) return message;
  const isResult = result !== undefined && (error === undefined || error === null);
  if (isResult) {
    const isHandshake = asked !== undefined && HANDSHAKE.has(asked.method);
    if (isHandshake && isTooDeep(result)) return { ...rest, error: { code: NO_CODE, message: tooDeep('its answer') } };
    if (asked?.method === 'initialize') return { ...rest, result: withoutNulls(result) };
    return error === undefined ? message : { ...rest, result };
  }
  const id = (rest.id === null || rest.id === undefined) && asked?.id !== undefined ? { id: asked.id } : {};
  return { ...rest, ...id, error: tidyError(error) };
}

function tidyError(error: JsonValue | undefined): JsonObject {
  if (!isJsonObject(error)) return { code: NO_CODE, message: textOf(error) };
  const { code, message, ...others } = error;
  const { data, ...rest } = others;
  return {
    ...(isTooDeep(data) ? rest : others),
    code: Number.isSafeInteger(code) ? (code as number) : NO_CODE,
    message: textOf(message),
  };
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  return value === undefined || value === null || value === '' ? 'no reason given' : JSON.stringify(value);
}

/** Serializers write null for an absent member. */
function withoutNulls(value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || !isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNulls(each) ?? null]));
}
