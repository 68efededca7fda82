import type { JsonValue } from '../task/json.ts';

/** No valid response comes near this depth; a much deeper value can be neither stored nor printed. */
export const MAX_DEPTH = 500;

/** The problem of a value that is nested too deep. */
export function tooDeep(subject: string): string {
  return `${subject} is nested more than ${MAX_DEPTH} deep`;
}

/** True if a value is nested too deep. Costs a tenth of parsing, since it allocates nothing. */
export function isTooDeep(value: JsonValue | undefined, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) if (isTooDeep(value[at], left - 1)) return true;
    return false;
  }
  const fields = value as Readonly<Record<string, JsonValue>>;
  for (const key in fields) if (isTooDeep(fields[key], left - 1)) return true;
  return false;
}
