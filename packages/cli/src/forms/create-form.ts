import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import type { Field, FieldOption, Form, JsonForm } from './field.ts';
import { fieldLimits } from './field-limits.ts';
import { holdsInexact } from './holds-inexact.ts';
import { resolveSchema } from './resolve-schema.ts';

/** Maximum nesting of a form; deeper objects are easier to edit as JSON. */
const MAX_DEPTH = 3;
/** Maximum number of fields; a larger schema is edited as JSON. */
const MAX_FIELDS = 100;

/** Fields for a JSON Schema of an object, nested objects flattened; kind `json` if fields cannot represent it. */
export function createForm(schema: JsonObject): Form | JsonForm {
  const root = resolveSchema(schema, schema);
  if (root === undefined || !isPlainObject(root) || isMap(root)) return { kind: 'json', schema };
  const fields: Field[] = [];
  addFields(fields, root, schema, [], true, 1);
  return fields.length > MAX_FIELDS ? { kind: 'json', schema } : { kind: 'fields', schema, fields };
}

/** Stops at the first field over the limit: a small schema with references can expand to millions. */
function addFields(
  fields: Field[],
  object: JsonObject,
  root: JsonObject,
  path: readonly string[],
  required: boolean,
  depth: number,
): void {
  const properties = isJsonObject(object.properties) ? Object.entries(object.properties) : [];
  const needed = new Set(Array.isArray(object.required) ? object.required : []);
  for (const [name, property] of properties) {
    if (fields.length > MAX_FIELDS) return;
    const at = [...path, name];
    const isRequired = required && needed.has(name);
    const schema = resolveSchema(property, root);
    if (schema !== undefined && depth < MAX_DEPTH && isPlainObject(schema) && hasProperties(schema)) {
      addFields(fields, schema, root, at, isRequired, depth + 1);
    } else fields.push(field(schema, property, at, isRequired, root));
  }
}

function field(
  schema: JsonObject | undefined,
  original: JsonValue | undefined,
  path: readonly string[],
  required: boolean,
  root: JsonObject,
): Field {
  const own = schema ?? (isJsonObject(original) ? original : {});
  const choices = choicesOf(own, root);
  const type = choices?.type ?? scalarType(own);
  return {
    path,
    key: path.join('.'),
    title: typeof own.title === 'string' && own.title !== '' ? own.title : path.join('.'),
    description: typeof own.description === 'string' ? own.description : undefined,
    type,
    required,
    default: holdsInexact(own.default) ? undefined : own.default,
    options: choices?.options ?? [],
    format: typeof own.format === 'string' ? own.format : undefined,
    limits: fieldLimits(own, type),
    schema: own,
  };
}

function scalarType(schema: JsonObject): Field['type'] {
  if (hasCombinator(schema)) return 'json';
  const { type } = schema;
  return type === 'string' || type === 'number' || type === 'integer' || type === 'boolean' ? type : 'json';
}

function choicesOf(
  schema: JsonObject,
  root: JsonObject,
): { type: 'choice' | 'multi-choice'; options: readonly FieldOption[] } | undefined {
  const single = optionsOf(schema);
  if (single !== undefined) return { type: 'choice', options: single };
  if (schema.type !== 'array') return undefined;
  const items = resolveSchema(schema.items, root);
  const several = items === undefined ? undefined : optionsOf(items);
  return several === undefined ? undefined : { type: 'multi-choice', options: several };
}

/** Options in the four spellings: `enum`, `enum` with `enumNames`, a titled `oneOf` or `anyOf`, and `const`. */
function optionsOf(schema: JsonObject): readonly FieldOption[] | undefined {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) {
    const names = Array.isArray(schema.enumNames) ? schema.enumNames : [];
    return schema.enum.map((value, at) => createOption(value, names[at]));
  }
  const titled = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(titled) && titled.length > 0 && titled.every(isConstant)) {
    return titled.filter(isConstant).map((each) => createOption(each.const ?? null, each.title));
  }
  return schema.const === undefined ? undefined : [createOption(schema.const, schema.title)];
}

function createOption(value: JsonValue, title: JsonValue | undefined): FieldOption {
  const fallback = typeof value === 'string' ? value : JSON.stringify(value);
  return { value, title: typeof title === 'string' && title !== '' ? title : fallback };
}

function isConstant(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && value.const !== undefined;
}

function isPlainObject(schema: JsonObject): boolean {
  return (schema.type === 'object' || (schema.type === undefined && hasProperties(schema))) && !hasCombinator(schema);
}

function hasProperties(schema: JsonObject): boolean {
  return isJsonObject(schema.properties) && Object.keys(schema.properties).length > 0;
}

function hasCombinator(schema: JsonObject): boolean {
  return ['oneOf', 'anyOf', 'allOf', 'if', 'not', '$ref'].some((keyword) => schema[keyword] !== undefined);
}

/** True for an object with arbitrary names, which has no fields to list. */
function isMap(schema: JsonObject): boolean {
  const open = schema.additionalProperties === true || isJsonObject(schema.additionalProperties);
  return !hasProperties(schema) && (open || schema.patternProperties !== undefined);
}
