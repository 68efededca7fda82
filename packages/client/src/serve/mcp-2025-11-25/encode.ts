import type { JsonObject } from '../../task/json.ts';
import type { ServedTask } from '../served-task.ts';
import { ServeRefusal } from '../served-tasks.ts';

/** `_meta` key that relates a message to its task. Specification: basic/utilities/tasks, "Related Task Metadata". */
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** A task in the form of `tasks/get`, `tasks/list` and `tools/call`. Specification: basic/utilities/tasks, "Task". */
export function encodeTask(task: ServedTask): JsonObject {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs, result } = task;
  return {
    taskId,
    // A tool error is a failed task in this revision.
    status: status === 'completed' && result?.isError === true ? 'failed' : status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttl: ttlMs,
    pollInterval: pollIntervalMs,
  };
}

/** Result of `tasks/result`: the result of the call. @throws {ServeRefusal} if the call ended with an error */
export function encodePayload({ taskId, result, error }: ServedTask): JsonObject {
  if (result !== undefined) {
    const meta = (result._meta ?? {}) as JsonObject;
    return { ...(result as JsonObject), _meta: { ...meta, [RELATED_TASK]: { taskId } } };
  }
  const { code, message, data } = error ?? { code: -32603, message: 'The task was cancelled', data: { taskId } };
  throw new ServeRefusal(code ?? -32603, message, data);
}
