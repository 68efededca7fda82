import type { JsonValue } from '../task/json.ts';

const FORMATS = new Map([
  ['email', 'an e-mail address'],
  ['uri', 'a URL'],
  ['date', 'a date, YYYY-MM-DD'],
  ['date-time', 'a date and time, 2026-01-31T09:00:00Z'],
  ['time', 'a time, 09:00:00Z'],
  ['duration', 'a duration, P1DT2H'],
  ['uuid', 'a UUID'],
  ['ipv4', 'an IPv4 address'],
  ['ipv6', 'an IPv6 address'],
  ['hostname', 'a host name'],
  ['json-pointer', 'a JSON pointer, /a/0'],
  ['regex', 'a regular expression'],
]);

/** A format in words: `a date, YYYY-MM-DD`; the name of an unknown format. */
export function describeFormat(format: string): string {
  return FORMATS.get(format) ?? clip(format);
}

/** In characters. */
const MAX_LENGTH = 200;
/** The maximum of names in one sentence. */
const MAX_NAMES = 10;

/** The first names as text, and the number of those left out. */
export function joinFirst(names: readonly string[]): { readonly text: string; readonly rest: number } {
  const rest = Math.max(0, names.length - MAX_NAMES);
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return { text: rest === 0 ? shown : `${shown} … and ${rest} more`, rest };
}

/** A value inside a sentence: a string has no quotes. */
export function showValue(value: JsonValue): string {
  return clip(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Clips a server's text to a readable length. */
export function clip(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** Types in a sentence: `a whole number`, `a string or null`. */
export function describeTypes(types: readonly string[]): string {
  if (types.length === 1 && types[0] === 'integer') return 'a whole number';
  const names = types.join(' or ');
  return names === 'null' ? names : `${/^[aeiou]/.test(names) ? 'an' : 'a'} ${names}`;
}
