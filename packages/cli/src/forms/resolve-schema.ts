import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';

/** Maximum number of references followed: enough for every real schema, and ends a cycle. */
const MAX_HOPS = 16;

/**
 * Removes a schema's outermost reference, `null` alternative or single-part `allOf`, so that its own keywords describe
 * it. Undefined if it cannot be resolved within the document.
 */
export function resolveSchema(schema: JsonValue | undefined, root: JsonObject): JsonObject | undefined {
  let current = schema;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    if (!isJsonObject(current)) return undefined;
    const inner = innerSchema(current, root);
    if (inner === undefined) return withoutNull(current);
    if (inner === 'unresolvable') return undefined;
    // Titles, descriptions and defaults beside a reference apply to this use.
    const { $ref: _ref, allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, ...beside } = current;
    current = { ...inner, ...beside };
  }
  return undefined;
}

function innerSchema(schema: JsonObject, root: JsonObject): JsonObject | 'unresolvable' | undefined {
  if (typeof schema.$ref === 'string') return atPointer(root, schema.$ref) ?? 'unresolvable';
  const allOf = schema.allOf;
  if (Array.isArray(allOf) && allOf.length === 1 && isJsonObject(allOf[0])) return allOf[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(alternatives)) return undefined;
  const real = alternatives.filter((each) => !(isJsonObject(each) && each.type === 'null'));
  return real.length === 1 && real.length < alternatives.length && isJsonObject(real[0]) ? real[0] : undefined;
}

function withoutNull(schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.type)) return schema;
  const types = schema.type.filter((type) => type !== 'null');
  const only = types.length === 1 ? types[0] : undefined;
  return only === undefined ? schema : { ...schema, type: only };
}

function atPointer(root: JsonObject, reference: string): JsonObject | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  let current: JsonValue | undefined = root;
  for (const part of reference.split('/').slice(1)) {
    const name = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return isJsonObject(current) ? current : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
