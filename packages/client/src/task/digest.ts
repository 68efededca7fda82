import type { JsonValue } from './json.ts';

/** Serializes a value with sorted keys: equal values give equal texts. */
export function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Record<string, JsonValue | undefined>);
    const sorted = entries.filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

const TWO_TO_32 = 2 ** 32;
/** The FNV-1a prime is 2^40 plus this. */
const PRIME_BELOW = 0x1b3;

/** A 64-bit FNV-1a digest, in two halves of 32 bits: to compare questions; not for security. */
export function digestOf(value: JsonValue): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const text = canonical(value);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) as number;
    if (code > 0xffff) at += 1;
    const mixed = (low ^ code) >>> 0;
    const product = mixed * PRIME_BELOW;
    high = (high * PRIME_BELOW + mixed * 256 + Math.floor(product / TWO_TO_32)) >>> 0;
    low = product >>> 0;
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}
