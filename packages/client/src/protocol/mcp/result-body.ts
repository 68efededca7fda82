import { isJsonObject, type JsonObject } from '../../task/json.ts';

/** The `_meta` keys of the protocol (basic/index, "_meta"): for clients, not for models. */
const PROTOCOL_META = /^(io\.modelcontextprotocol|modelcontextprotocol|mcp)\//;

/** A tool result without fields of the wire format: a model gets the rest. */
export function resultBody({ resultType: _wire, ...result }: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = result;
  if (!isJsonObject(meta)) return result;
  const kept = Object.entries(meta).filter(([key]) => !PROTOCOL_META.test(key));
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(kept) };
}
