import type { JsonObject } from '../task/json.ts';
import type { TaskRecord } from '../task/record.ts';
import { servedTask } from './served-task.ts';

/** Ties a message to its task. Specification: basic/utilities/tasks, "Related Task Metadata". */
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** A task as `tasks/get`, `tasks/list` and `tools/call` answer it. Specification: basic/utilities/tasks, "Task". */
export function encodeTask(record: TaskRecord): JsonObject {
  const { taskId, statusMessage, createdAt, lastUpdatedAt, pollIntervalMs, result } = servedTask(record);
  const { status } = servedTask(record);
  return {
    taskId,
    // This revision calls a tool's own error a failed task.
    status: status === 'completed' && result?.isError === true ? 'failed' : status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttl: null,
    pollInterval: pollIntervalMs,
  };
}

/** What `tasks/result` ends with: what the call would have returned, or its error. */
export type Payload =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data: unknown };

export function encodePayload(record: TaskRecord): Payload {
  const { taskId, result, error } = servedTask(record);
  const related = { [RELATED_TASK]: { taskId } };
  if (result !== undefined) {
    const meta = (result._meta ?? {}) as JsonObject;
    return { kind: 'result', result: { ...(result as JsonObject), _meta: { ...meta, ...related } } };
  }
  const { code, message, data } = error ?? { code: -32603, message: 'The task was cancelled', data: undefined };
  return { kind: 'error', code: code ?? -32603, message, data };
}
