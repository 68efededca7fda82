import type { JsonObject } from '../../task/json.ts';
import type { ServedTask } from '../served-task.ts';
import { ServeRefusal } from '../served-tasks.ts';

/** Ties a message to its task. Specification: basic/utilities/tasks, "Related Task Metadata". */
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** A task as `tasks/get`, `tasks/list` and `tools/call` answer it. Specification: basic/utilities/tasks, "Task". */
export function encodeTask(task: ServedTask): JsonObject {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs, result } = task;
  return {
    taskId,
    // This revision calls a tool's own error a failed task.
    status: status === 'completed' && result?.isError === true ? 'failed' : status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttl: ttlMs,
    pollInterval: pollIntervalMs,
  };
}

/** The answer to `tasks/result`: what the call would have returned. @throws {ServeRefusal} the error that it ended with */
export function encodePayload({ taskId, result, error }: ServedTask): JsonObject {
  if (result !== undefined) {
    const meta = (result._meta ?? {}) as JsonObject;
    return { ...(result as JsonObject), _meta: { ...meta, [RELATED_TASK]: { taskId } } };
  }
  const { code, message, data } = error ?? { code: -32603, message: 'The task was cancelled', data: { taskId } };
  throw new ServeRefusal(code ?? -32603, message, data);
}
