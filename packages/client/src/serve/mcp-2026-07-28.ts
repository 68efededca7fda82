import type { JsonObject } from '../task/json.ts';
import type { TaskRecord } from '../task/record.ts';
import { servedTask } from './served-task.ts';

/** The extension by which a client says that it takes tasks (2026-07-28). */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** The answer to `tools/call`: a task. Tasks extension (SEP-2663), "Task Creation". */
export function encodeCreated(record: TaskRecord): JsonObject {
  return { resultType: 'task', ...encodeFields(record), content: [] };
}

/** The answer to `tasks/get`, and the body of `notifications/tasks`: a task with what its status brings along. */
export function encodeDetailed(record: TaskRecord): JsonObject {
  const { status, inputRequests, result, error } = servedTask(record);
  return {
    ...encodeFields(record),
    ...(status === 'input_required' ? { inputRequests: inputRequests as unknown as JsonObject } : {}),
    ...(status === 'completed' ? { result: { resultType: 'complete', ...(result as JsonObject | undefined) } } : {}),
    ...(status === 'failed' ? failureOf(result, error as JsonObject | undefined) : {}),
  };
}

function failureOf(result: unknown, error: JsonObject | undefined): JsonObject {
  if (error !== undefined) return { error };
  return { error: { code: -32603, message: 'The tool failed', data: (result ?? null) as JsonObject } };
}

function encodeFields(record: TaskRecord): JsonObject {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, pollIntervalMs } = servedTask(record);
  return {
    taskId,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttlMs: null,
    pollIntervalMs,
  };
}
