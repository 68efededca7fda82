import { createHash } from 'node:crypto';
import { canonical } from '../task/digest.ts';
import type { JsonObject } from '../task/json.ts';

/** The key under which equal calls of a bridged server join: a digest of the tool and its arguments, in any order of keys. */
export function callKey(tool: string, args: JsonObject): string {
  return `call:${createHash('sha256')
    .update(canonical([tool, args]))
    .digest('base64url')
    .slice(0, 32)}`;
}
