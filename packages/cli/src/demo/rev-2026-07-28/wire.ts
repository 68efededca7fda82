import type { Chaos } from '../chaos.ts';
import type { AnswerCapabilities } from '../needs.ts';
import type { DemoTask } from '../task-row.ts';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** The fields that every message about a task has. */
export function encodeTask(task: DemoTask, chaos: Chaos = {}) {
  return {
    taskId: task.id,
    status: task.status,
    statusMessage: chaos.escapes === true ? `\u001b[31;5m${task.message}\u001b[2J\u202e\u0007` : task.message,
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.updatedAt).toISOString(),
    ttlMs: task.ttlMs,
    pollIntervalMs: task.pollHint as number,
  };
}

/** A task with what its status brings along. */
export function encodeDetailedTask(task: DemoTask, chaos: Chaos = {}) {
  return {
    ...encodeTask(task, chaos),
    ...(task.status === 'input_required' ? { inputRequests: task.questions } : {}),
    ...(task.status === 'completed' ? { result: { resultType: 'complete', ...task.result } } : {}),
    ...(task.status === 'failed' ? { error: task.error } : {}),
  };
}

export interface ClientCapabilities extends AnswerCapabilities {
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export function optedIn(capabilities: ClientCapabilities): boolean {
  return Object.hasOwn(capabilities.extensions ?? {}, TASKS_EXTENSION);
}
