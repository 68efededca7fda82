import { createHash } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@mcp-tasks/client';

/** SHA-256 of an entry; the order of its keys does not matter. */
export function digestOfEntry(value: JsonValue): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, each: JsonValue) =>
    isJsonObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}
