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

/** A format in words: `a date, YYYY-MM-DD`; the format's own name where we know no better. */
export function describeFormat(format: string): string {
  return FORMATS.get(format) ?? clip(format);
}

/** In characters. */
const LONGEST = 200;
/** More than these are nothing to read in one sentence. */
const MOST = 10;

/** The first of them in words, and how many were left out. */
export function fewOf(names: readonly string[]): { readonly text: string; readonly rest: number } {
  const rest = Math.max(0, names.length - MOST);
  const shown = names.slice(0, MOST).join(', ');
  return { text: rest === 0 ? shown : `${shown} … and ${rest} more`, rest };
}

/** A value in a sentence: a text without its quotes. */
export function showValue(value: JsonValue): string {
  return clip(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A server's text in a sentence of ours: no more of it than a person reads. */
export function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Types in a sentence: `a whole number`, `a string or null`. */
export function describeTypes(types: readonly string[]): string {
  if (types.length === 1 && types[0] === 'integer') return 'a whole number';
  const names = types.join(' or ');
  return names === 'null' ? names : `${/^[aeiou]/.test(names) ? 'an' : 'a'} ${names}`;
}
