import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { isTooDeep, MAX_DEPTH } from '../depth.ts';
import type { Ask, Decoded, Page } from '../dialect.ts';

/** The maximum of items in a list; no program needs more. */
export const MAX_ITEMS = 10_000;

export function askPage(method: string, cursor: string | undefined): Ask {
  return { method, params: cursor === undefined ? {} : { cursor } };
}

/** The id of a task in the response to a request that may not become a task, in either revision's structure. */
function taskIn({ resultType, taskId, task }: JsonObject): string | undefined {
  if (resultType === 'task') return String(taskId ?? (isJsonObject(task) ? task.taskId : undefined));
  return isJsonObject(task) && typeof task.taskId === 'string' ? task.taskId : undefined;
}

/** One page of a list; items that are not objects are dropped. */
export function readPage(
  raw: JsonValue,
  { method, field }: { method: string; field: string },
): Decoded<Page<JsonObject>> {
  const taskId = isJsonObject(raw) ? taskIn(raw) : undefined;
  if (taskId !== undefined)
    return { kind: 'invalid', problem: `${method} with task ${taskId}; only a call may become a task`, raw };
  const items = isJsonObject(raw) ? raw[field] : undefined;
  if (!isJsonObject(raw) || !Array.isArray(items))
    return { kind: 'invalid', problem: `${method} with no ${field}`, raw };
  if (items.length > MAX_ITEMS) {
    const problem = `${method} with ${items.length} ${field}; more than ${MAX_ITEMS} are not accepted`;
    return { kind: 'invalid', problem, raw: null };
  }
  if (isTooDeep(items)) {
    return { kind: 'invalid', problem: `${method} with ${field} nested more than ${MAX_DEPTH} deep`, raw: null };
  }
  const next = typeof raw.nextCursor === 'string' ? raw.nextCursor : undefined;
  return { kind: 'value', value: { items: items.filter(isJsonObject), next } };
}
