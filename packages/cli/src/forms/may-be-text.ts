import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';

/** Maximum depth, enough for every real schema. */
const MAX_DEPTH = 8;

/** True if the schema may allow a string; an empty schema or a reference may. */
export function mayBeText(schema: JsonObject, depth = 0): boolean {
  const { type, enum: options, const: constant, anyOf, oneOf, allOf } = schema;
  const isAllowed = (each: JsonValue): boolean =>
    !isJsonObject(each) || depth >= MAX_DEPTH || mayBeText(each, depth + 1);
  if (Array.isArray(type) ? !type.includes('string') : type !== undefined && type !== 'string') return false;
  if (Array.isArray(options) && !options.some((each) => typeof each === 'string')) return false;
  if (constant !== undefined && typeof constant !== 'string') return false;
  if (Array.isArray(allOf) && !allOf.every(isAllowed)) return false;
  return [anyOf, oneOf].every((choices) => !Array.isArray(choices) || choices.some(isAllowed));
}
