import { isJsonObject, type JsonObject } from '../../task/json.ts';

/** Keys of `_meta` that belong to the protocol (basic/index, "_meta"): they are for clients, not for models. */
const PROTOCOL_META = /^(io\.modelcontextprotocol|modelcontextprotocol|mcp)\//;

/** What a tool returned, without the fields that only the wire needs: a model is shown the rest. */
export function resultBody({ resultType: _wire, ...result }: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = result;
  if (!isJsonObject(meta)) return result;
  const kept = Object.entries(meta).filter(([key]) => !PROTOCOL_META.test(key));
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(kept) };
}
