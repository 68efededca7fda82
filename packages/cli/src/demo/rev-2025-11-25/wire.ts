import type { Chaos } from '../chaos.ts';
import type { DemoTool } from '../script.ts';
import type { DemoTask } from '../task-row.ts';

export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

export function encodeTask(task: DemoTask, chaos: Chaos = {}) {
  return {
    taskId: task.id,
    status: statusOf(task),
    statusMessage: chaos.escapes === true ? `\u001b[31;5m${task.message}\u001b[2J\u202e\u0007` : task.message,
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.updatedAt).toISOString(),
    ttl: task.ttlMs,
    pollInterval: task.pollHint as number,
  };
}

/** This revision calls a tool's own error a failed task. */
export function statusOf(task: DemoTask): DemoTask['status'] {
  return task.status === 'completed' && task.result?.isError === true ? 'failed' : task.status;
}

export function encodeTool({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
  taskSupport,
}: DemoTool) {
  return {
    name,
    title,
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
    execution: { taskSupport },
  };
}
