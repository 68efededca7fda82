import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import type { JobMapping } from './mapping.ts';
import { toolsOf } from './mapping.ts';

/** The values of placeholders. */
export interface Scope {
  readonly id: JsonValue;
  readonly args: JsonObject;
  /** Keyed by pointer into the last status. */
  readonly carried?: JsonObject | undefined;
  readonly answer?: string | undefined;
}

const PLACEHOLDER = /\{(id|answer|args\.[^{}:]+|status\.\/[^{}:]*)(?::(string|number))?\}/g;
const WHOLE = new RegExp(`^${PLACEHOLDER.source}$`);

/**
 * The arguments with values in place of placeholders. A field that is a single placeholder without a value is left out.
 */
export function fill(template: JsonObject, scope: Scope): JsonObject {
  return fillValue(template, scope) as JsonObject;
}

function fillValue(template: JsonValue | undefined, scope: Scope): JsonValue | undefined {
  if (typeof template === 'string') return fillText(template, scope);
  if (Array.isArray(template)) {
    return template.flatMap((item: JsonValue) => {
      const filled = fillValue(item, scope);
      return filled === undefined ? [] : [filled];
    });
  }
  if (!isJsonObject(template)) return template;
  const entries = Object.entries(template).map(([key, value]) => [key, fillValue(value, scope)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function fillText(template: string, scope: Scope): JsonValue | undefined {
  const [, name, type] = WHOLE.exec(template) ?? [];
  if (name !== undefined) return convert(placeholderValue(name, scope), type);
  return template.replace(PLACEHOLDER, (_, each: string) => {
    const value = placeholderValue(each, scope);
    if (value === undefined) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

function placeholderValue(name: string, { id, args, carried, answer }: Scope): JsonValue | undefined {
  if (name === 'id') return id;
  if (name === 'answer') return answer;
  if (name.startsWith('args.')) return own(args, name.slice('args.'.length));
  return own(carried, name.slice('status.'.length));
}

/** Converts to the type. A text that is not exactly a number stays a text. */
export function convert(value: JsonValue | undefined, type: string | undefined): JsonValue | undefined {
  if (type === 'string' && value !== undefined) return typeof value === 'object' ? value : String(value);
  if (type !== 'number' || typeof value !== 'string') return value;
  return String(Number(value)) === value ? Number(value) : value;
}

/** The placeholders of a template, such as `id` or `args.project`. */
export function placeholdersIn(template: JsonValue | undefined): readonly string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (Array.isArray(template)) return template.flatMap((item: JsonValue) => placeholdersIn(item));
  return isJsonObject(template) ? Object.values(template).flatMap(placeholdersIn) : [];
}

/** The pointers into the last status that later requests use. */
export function carriedPointers(mapping: JobMapping): readonly string[] {
  const names = toolsOf(mapping).flatMap(([, tool]) => placeholdersIn(tool.arguments));
  return [...new Set(names.flatMap((name) => (name.startsWith('status.') ? [name.slice('status.'.length)] : [])))];
}

/** The call arguments that the status tool uses. */
export function statusArguments({ status }: JobMapping): readonly string[] {
  const names = placeholdersIn(status.arguments).flatMap((name) => (name.startsWith('args.') ? [name.slice(5)] : []));
  return [...new Set(names)].sort();
}

/** The type of the id in the status tool. */
export function typeOfId({ status }: JobMapping): string | undefined {
  for (const value of Object.values(status.arguments ?? {})) {
    const [, name, type] = (typeof value === 'string' ? WHOLE.exec(value) : null) ?? [];
    if (name === 'id' && type !== undefined) return type;
  }
  return undefined;
}

/** The template with type conversions for whole values, from a tool's schema. */
export function withTypes(template: JsonObject, typeOf: (name: string) => 'string' | 'number' | undefined): JsonObject {
  const typed = Object.entries(template).map(([key, value]): [string, JsonValue | undefined] => {
    const [, name, type] = (typeof value === 'string' ? WHOLE.exec(value) : null) ?? [];
    const wanted = typeOf(key);
    return [key, name === undefined || type !== undefined || wanted === undefined ? value : `{${name}:${wanted}}`];
  });
  return Object.fromEntries(typed);
}
