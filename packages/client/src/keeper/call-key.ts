import { createHash } from 'node:crypto';
import { canonical } from '../task/digest.ts';
import type { JsonObject } from '../task/json.ts';

/** Key under which equal calls of a bridged server join: a digest of the tool and its arguments, in any key order. */
export function callKey(tool: string, args: JsonObject): string {
  return `call:${createHash('sha256')
    .update(canonical([tool, args]))
    .digest('base64url')
    .slice(0, 32)}`;
}
