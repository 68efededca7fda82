import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { fewOf } from './few-of.ts';
import type { ContentReading, FieldError } from './field.ts';
import { formatInWords } from './field-limits.ts';

/** Checks content against a schema of the server, with one error per place, in words. */
export function validateContent(schema: JsonObject, content: JsonValue): ContentReading {
  if (!isJsonObject(content)) return { ok: false, errors: [{ path: '', message: 'must be a JSON object' }] };
  const errors = schemaErrors(schema, content);
  return errors.length === 0 ? { ok: true, content } : { ok: false, errors };
}

/** @returns nothing for a schema that cannot be compiled: then only the server can judge. */
export function schemaErrors(schema: JsonObject, value: JsonValue): readonly FieldError[] {
  const validate = compiled(schema);
  if (validate === undefined || validate(value)) return [];
  const byPath = new Map<string, FieldError>();
  for (const error of validate.errors ?? []) {
    const found = { path: pathOf(error), message: messageOf(error) };
    if (!byPath.has(found.path)) byPath.set(found.path, found);
  }
  return [...byPath.values()];
}

const cache = new WeakMap<JsonObject, ValidateFunction | 'broken'>();

function compiled(schema: JsonObject): ValidateFunction | undefined {
  const known = cache.get(schema);
  if (known !== undefined) return known === 'broken' ? undefined : known;
  const made = compile(schema);
  cache.set(schema, made ?? 'broken');
  return made;
}

function compile(schema: JsonObject): ValidateFunction | undefined {
  // An identifier of the server's choosing would only name it in our registry of schemas; nothing waits for a check that
  // is asynchronous.
  const { $schema: dialect, $id: _id, $async: _async, ...rest } = schema;
  const options = {
    strict: false,
    allErrors: true,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
  } as const;
  const old = typeof dialect === 'string' && /draft-0[4-7]/.test(dialect);
  const ajv = old ? new Ajv(options) : new Ajv2020(options);
  try {
    formats.default(ajv);
    return ajv.compile(rest);
  } catch {
    return undefined;
  }
}

function pathOf(error: ErrorObject): string {
  const parts = error.instancePath.split('/').slice(1);
  const named = error.params.missingProperty ?? error.params.additionalProperty;
  const all = typeof named === 'string' ? [...parts, named] : parts;
  return all.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
}

function messageOf(error: ErrorObject): string {
  const { params } = error;
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not known here';
    case 'format':
      return `must be ${formatInWords(params.format)}`;
    case 'enum':
      return `must be one of: ${fewOf(params.allowedValues.map(String)).text}`;
    case 'type':
      return `must be ${article(Array.isArray(params.type) ? params.type.join(' or ') : params.type)}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`;
    case 'maxLength':
      return `must have at most ${params.limit} characters`;
    case 'minItems':
      return `needs at least ${params.limit}`;
    case 'maxItems':
      return `takes at most ${params.limit}`;
    case 'minimum':
      return `must be ${params.limit} or more`;
    case 'maximum':
      return `must be ${params.limit} or less`;
    case 'exclusiveMinimum':
      return `must be more than ${params.limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${params.limit}`;
    case 'pattern':
      return `must match ${params.pattern}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function article(type: string): string {
  if (type === 'integer') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
