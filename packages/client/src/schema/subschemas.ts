import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';

const ONE = [
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const LISTS = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
const BY_NAME = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];

/** The direct subschemas of a schema; `enum`, `const` and unknown keywords contain none. */
export function subschemasOf(schema: JsonObject): readonly JsonObject[] {
  const found: (JsonValue | undefined)[] = [
    ...ONE.map((name) => schema[name]),
    ...LISTS.flatMap((name) => listOf(schema[name])),
    ...BY_NAME.flatMap((name) => valuesOf(schema[name])),
  ];
  return found.filter(isJsonObject);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return isJsonObject(value) ? Object.values(value) : [];
}
