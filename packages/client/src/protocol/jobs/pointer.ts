import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';

/** The value at a JSON pointer (RFC 6901); undefined without one. */
export function readPointer(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  if (pointer === '') return value;
  let at: JsonValue | undefined = value;
  for (const step of pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = /^\d+$/.test(key) ? at[Number(key)] : undefined;
    else at = isJsonObject(at) ? own(at, key) : undefined;
  }
  return at;
}

/** Whether a text is a JSON pointer. */
export function isPointer(text: string): boolean {
  return text === '' || text.startsWith('/');
}
