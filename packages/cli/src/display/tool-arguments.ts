import { isJsonObject, type JsonObject, type JsonValue, type ToolDescription } from '@mcp-tasks/client';
import { createForm } from '../forms/create-form.ts';
import type { Field } from '../forms/field.ts';
import { safeText } from './safe-text.ts';

/** Maximum number of choices listed. */
const MAX_CHOICES = 5;

/** `path:string [env:dev|live="dev"]`: each argument with type or choices, and default; optional ones in brackets. */
export function argumentSignatures({ inputSchema }: ToolDescription): readonly string[] {
  const form = createForm(inputSchema);
  if (form.kind === 'fields') return form.fields.map(signatureOf);
  const { properties, required } = inputSchema;
  if (!isJsonObject(properties)) return [];
  const needed: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, schema]) =>
    bracketed(
      `${safeText(name, { maxLength: 60 })}:${typeIn(isJsonObject(schema) ? schema : {})}`,
      needed.includes(name),
    ),
  );
}

function signatureOf(field: Field): string {
  const preset = field.default === undefined ? '' : `=${JSON.stringify(field.default)}`;
  return bracketed(safeText(`${field.key}:${typeOf(field)}${preset}`, { maxLength: 120 }), field.required);
}

function bracketed(word: string, isRequired: boolean): string {
  return isRequired ? word : `[${word}]`;
}

function typeOf({ type, options, schema }: Field): string {
  if (type === 'boolean') return 'boolean';
  if (options.length === 0) return type === 'json' ? typeIn(schema) : type;
  const named = options
    .slice(0, MAX_CHOICES)
    .map(({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const choices = [...named, ...(options.length > MAX_CHOICES ? ['…'] : [])].join('|');
  return type === 'multi-choice' ? `(${choices})[]` : choices;
}

function typeIn({ type }: JsonObject): string {
  if (Array.isArray(type)) return safeText(type.join('|'), { maxLength: 40 });
  return typeof type === 'string' ? safeText(type, { maxLength: 40 }) : 'JSON';
}
