import { isExactNumber, type JsonValue, lostDigits } from '@mcp-tasks/client';
import { describeFormat } from '@mcp-tasks/client/schema';
import { nearest } from '../did-you-mean.ts';
import type { Field, FieldOption, FieldReading } from './field.ts';
import { typedItems } from './field-limits.ts';
import { holdsInexact } from './holds-inexact.ts';
import { mayBeText } from './may-be-text.ts';
import { shortenList } from './shorten-list.ts';
import { schemaErrors } from './validate-content.ts';

/** Parses typed text into a value and checks it against the field's schema. */
export function readField(field: Field, text: string): FieldReading {
  if (text.trim() === '') return field.required ? missingValue(field) : { ok: true, value: undefined };
  const parsed = parseText(field, text);
  return parsed.ok ? checkField(field, parsed.value) : parsed;
}

/** Checks a chosen or parsed value against the field's schema. */
export function checkField(field: Field, value: JsonValue | undefined): FieldReading {
  if (value === undefined) return field.required ? missingValue(field) : { ok: true, value };
  if (field.options.length > 0 && holdsInexact(value)) return LOST_OPTION;
  const [error] = schemaErrors(field.schema, value);
  return error === undefined ? { ok: true, value } : { ok: false, message: messageWithPath(error.path, error.message) };
}

const LOST_OPTION = { ok: false, message: 'holds a number that cannot be sent exactly' } as const;

function messageWithPath(path: string, message: string): string {
  return path === '' ? message : `${path} ${message}`;
}

function missingValue(field: Field): FieldReading {
  const chosen = field.type === 'choice' || field.type === 'boolean';
  return { ok: false, message: chosen ? 'choose one' : 'is required' };
}

/** Parses text by the field's type, without checking the schema. */
export function parseText(field: Field, text: string): FieldReading {
  const trimmed = text.trim();
  switch (field.type) {
    case 'string':
      // Trim formats without spaces (address, date): a paste often has some.
      return { ok: true, value: isSpaceless(field.schema.format) ? trimmed : text };
    case 'number':
      return NUMBER.test(trimmed) ? exactNumber(trimmed) : { ok: false, message: 'must be a number' };
    case 'integer':
      return /^[+-]?\d+$/.test(trimmed) ? exactNumber(trimmed) : { ok: false, message: 'must be a whole number' };
    case 'boolean':
      return parseBoolean(trimmed);
    case 'choice':
      return parseOption(field, trimmed);
    case 'multi-choice':
      return parseOptions(field, trimmed);
    case 'json':
      return field.schema.type === 'array' && !trimmed.startsWith('[')
        ? parseItems(field, trimmed)
        : parseJsonOrText(field, trimmed);
  }
}

/** Reads text that is not JSON as a string, if the schema may allow one. */
function parseJsonOrText(field: Field, text: string): FieldReading {
  const isText = !tryJson(text).ok && field.path.length > 0 && mayBeText(field.schema);
  return isText ? { ok: true, value: text } : parseJson(text);
}

function isSpaceless(format: JsonValue | undefined): boolean {
  return typeof format === 'string' && describeFormat(format) !== format;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function exactNumber(numeral: string): FieldReading {
  return isExactNumber(numeral)
    ? { ok: true, value: Number(numeral) }
    : { ok: false, message: inexactMessage(numeral) };
}

function inexactMessage(numeral: string): string {
  return `cannot be sent exactly: ${numeral} would become ${Number(numeral)}`;
}

/** Parses JSON; rejects numbers that would lose digits. */
export function parseJson(text: string): FieldReading {
  const parsed = tryJson(text);
  const lost = parsed.ok ? lostDigits(text) : undefined;
  return lost === undefined ? parsed : { ok: false, message: inexactMessage(lost) };
}

function tryJson(text: string): FieldReading {
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { ok: false, message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function parseBoolean(text: string): FieldReading {
  if (/^(true|yes|y|on|1)$/i.test(text)) return { ok: true, value: true };
  if (/^(false|no|n|off|0)$/i.test(text)) return { ok: true, value: false };
  return { ok: false, message: 'must be true or false' };
}

function parseOption(field: Field, text: string): FieldReading {
  const found = findOption(field.options, text);
  if (found === undefined) return notAnOption(field, text);
  return holdsInexact(found.value) ? LOST_OPTION : { ok: true, value: found.value };
}

function parseOptions(field: Field, text: string): FieldReading {
  if (text.startsWith('[')) return parseJson(text);
  const values: JsonValue[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    const found = findOption(field.options, part);
    if (found === undefined) return notAnOption(field, part);
    if (holdsInexact(found.value)) return LOST_OPTION;
    values.push(found.value);
  }
  return { ok: true, value: values };
}

/** Finds an option by value, then title; exactly, then loosely. A title may equal another option's value. */
function findOption(options: readonly FieldOption[], text: string): FieldOption | undefined {
  const value = (option: FieldOption) =>
    typeof option.value === 'string' ? option.value : JSON.stringify(option.value);
  const lower = text.toLowerCase();
  return (
    options.find((option) => value(option) === text) ??
    options.find((option) => option.title === text) ??
    options.find((option) => value(option).toLowerCase() === lower || option.title.toLowerCase() === lower)
  );
}

function notAnOption(field: Field, text: string): FieldReading {
  const known = field.options.map((option) =>
    typeof option.value === 'string' ? option.value : JSON.stringify(option.value),
  );
  const few = shortenList(known);
  const near = few.rest === 0 ? undefined : nearest(text, known);
  const there = near === undefined ? 'there is' : `did you mean ${near}? There is`;
  return { ok: false, message: `has no option "${text}"; ${there} ${few.text}` };
}

/** Parses `a, b` for a list of texts or numbers. */
function parseItems(field: Field, text: string): FieldReading {
  const kind = typedItems(field.schema);
  if (kind === 'texts') return { ok: true, value: text.split(',').map((each) => each.trim()) };
  if (kind === 'numbers') {
    const numerals = text.split(',').map((each) => each.trim());
    if (!numerals.every((each) => NUMBER.test(each))) {
      return { ok: false, message: 'must be numbers, separated by commas' };
    }
    const lost = numerals.find((each) => !isExactNumber(each));
    return lost === undefined
      ? { ok: true, value: numerals.map(Number) }
      : { ok: false, message: inexactMessage(lost) };
  }
  return parseJson(text);
}
