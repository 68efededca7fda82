import type { JsonValue } from './json.ts';

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Record<string, JsonValue | undefined>);
    const sorted = entries.filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** A 64-bit FNV-1a digest: it tells two questions apart; it guards nothing. */
export function digestOf(value: JsonValue): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of canonical(value)) {
    hash = ((hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
