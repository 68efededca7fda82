import { isJsonObject, type JsonObject } from '../../task/json.ts';
import { RELATED_TASK } from '../mcp-2025-11-25/encode.ts';
import type { ServedTask } from '../served-task.ts';

/** The extension with which a client declares support for tasks (2026-07-28). */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** True if these client capabilities declare tasks. */
export function tookTasks(capabilities: unknown): boolean {
  const { extensions } = (capabilities ?? {}) as { readonly extensions?: object };
  return Object.hasOwn(extensions ?? {}, TASKS_EXTENSION);
}

/** Result of `tools/call`: a task. Tasks extension (SEP-2663), "Task Creation". */
export function encodeCreated(task: ServedTask): JsonObject {
  return { resultType: 'task', ...encodeFields(task), content: [] };
}

/** Result of `tasks/get`, and body of `notifications/tasks`: a task with the fields of its status. */
export function encodeDetailed(task: ServedTask): JsonObject {
  const { status, inputRequests, result, error } = task;
  return {
    ...encodeFields(task),
    ...(status === 'input_required' ? { inputRequests: inputRequests as unknown as JsonObject } : {}),
    ...(status === 'completed'
      ? { result: { resultType: 'complete', ...withoutRelatedTask(result as JsonObject | undefined) } }
      : {}),
    ...(status === 'failed' ? failureOf(result, error as JsonObject | undefined) : {}),
  };
}

/** Removes the upstream server's related task, whose id means nothing to this client. */
function withoutRelatedTask(result: JsonObject | undefined): JsonObject | undefined {
  const meta = result?._meta;
  if (!isJsonObject(meta) || !Object.hasOwn(meta, RELATED_TASK)) return result;
  const { [RELATED_TASK]: _, ...kept } = meta;
  return { ...result, _meta: kept };
}

function failureOf(result: unknown, error: JsonObject | undefined): JsonObject {
  if (error !== undefined) return { error };
  return { error: { code: -32603, message: 'The tool failed', data: (result ?? null) as JsonObject } };
}

function encodeFields(task: ServedTask): JsonObject {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs } = task;
  return {
    taskId,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttlMs,
    pollIntervalMs,
  };
}
