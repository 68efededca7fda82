import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { type PlacedValue, placeValues } from './content.ts';
import { createForm } from './create-form.ts';
import type { ContentReading, Field, FieldError, FieldReading } from './field.ts';
import { parseJson, parseText } from './read-field.ts';

/**
 * Reads `k=v` by the schema and `k:=JSON` unchanged; repeated keys make a list. Reads only the given values:
 * completeness is checked by `validateContent`.
 */
export function readAssignments(schema: JsonObject, assignments: readonly string[]): ContentReading {
  const form = createForm(schema);
  const fields = form.kind === 'fields' ? form.fields : [];
  const values: PlacedValue[] = [];
  const errors: FieldError[] = [];
  for (const assignment of assignments) {
    const pair = splitPair(assignment);
    if (pair === undefined) {
      errors.push({ path: assignment, message: 'must be written key=value or key:=JSON' });
      continue;
    }
    const field = fields.find((each) => each.key === pair.key);
    const reading = readPair(pair, field, fields, schema);
    const path = field?.path ?? (hasParent(pair.key, fields) ? pair.key.split('.') : [pair.key]);
    if (reading.ok) values.push({ path, value: withEarlierItems(values, path, field, reading.value) });
    else errors.push({ path: pair.key, message: reading.message });
  }
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, content: placeValues(dropEarlier(values)) };
}

interface Pair {
  readonly key: string;
  readonly text: string;
  readonly raw: boolean;
}

function splitPair(assignment: string): Pair | undefined {
  const at = assignment.indexOf('=');
  if (at <= 0) return undefined;
  const raw = assignment[at - 1] === ':';
  const key = assignment.slice(0, raw ? at - 1 : at);
  return key === '' ? undefined : { key, text: assignment.slice(at + 1), raw };
}

function readPair(pair: Pair, field: Field | undefined, fields: readonly Field[], schema: JsonObject): FieldReading {
  if (pair.raw) return parseJson(pair.text);
  // An empty value on the command line is intentional, unlike an empty field of a form.
  if (field?.type === 'string' && pair.text === '') return { ok: true, value: '' };
  if (field !== undefined) return parseText(field, pair.text);
  if (fields.some((each) => each.key.startsWith(`${pair.key}.`))) {
    return { ok: false, message: `is an object: write ${pair.key}:=JSON or its fields, ${pair.key}.…=` };
  }
  if (fields.length > 0 && !allowsAnyName(schema)) {
    return { ok: false, message: `is not known here; there is ${fields.map((each) => each.key).join(', ')}` };
  }
  return { ok: true, value: pair.text };
}

function allowsAnyName(schema: JsonObject): boolean {
  return schema.additionalProperties === true || isJsonObject(schema.additionalProperties);
}

function hasParent(key: string, fields: readonly Field[]): boolean {
  const [first] = key.split('.');
  return fields.some((field) => field.path.length > 1 && field.path[0] === first);
}

function withEarlierItems(
  before: readonly PlacedValue[],
  path: readonly string[],
  field: Field | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  const isList = field?.type === 'multi-choice' || field?.schema.type === 'array';
  const earlier = before.findLast((each) => each.path.join('\0') === path.join('\0'))?.value;
  return isList && Array.isArray(earlier) && Array.isArray(value) ? [...earlier, ...value] : value;
}

function dropEarlier(values: readonly PlacedValue[]): PlacedValue[] {
  return [...new Map(values.map((each) => [each.path.join('\0'), each])).values()];
}
