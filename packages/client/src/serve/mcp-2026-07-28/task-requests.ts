import type { JsonObject } from '../../task/json.ts';
import { isTerminal } from '../../task/task.ts';
import { findServed, type ServedTasks, ServeRefusal } from '../served-tasks.ts';
import { encodeDetailed, TASKS_EXTENSION, tookTasks } from './encode.ts';

const INVALID_PARAMS = -32602;
const MISSING_CAPABILITY = -32021;

/** A request about one task: `tasks/get`, `tasks/update` or `tasks/cancel`. */
export interface TaskRequest {
  readonly method: 'tasks/get' | 'tasks/update' | 'tasks/cancel';
  readonly taskId: string;
  /** Answers of `tasks/update`, by key. */
  readonly responses?: Readonly<Record<string, unknown>> | undefined;
  /** Client capabilities of this request. */
  readonly capabilities: unknown;
}

/** @throws {ServeRefusal} -32021 for a client that did not declare tasks */
export function requireTasks(capabilities: unknown): void {
  if (tookTasks(capabilities)) return;
  const data = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
  throw new ServeRefusal(MISSING_CAPABILITY, 'The client did not declare tasks', data);
}

/** Answers a task request. @throws {ServeRefusal} */
export async function answerTaskRequest(request: TaskRequest, tasks: ServedTasks): Promise<JsonObject> {
  requireTasks(request.capabilities);
  const task = await findServed(tasks, request.taskId);
  switch (request.method) {
    case 'tasks/get': {
      if (isTerminal(task.status)) tasks.delivered(task);
      return { resultType: 'complete', ...encodeDetailed(task) };
    }
    case 'tasks/update':
      if (request.responses === undefined) {
        throw new ServeRefusal(INVALID_PARAMS, 'tasks/update needs inputResponses');
      }
      await tasks.answer(task, request.responses);
      return { resultType: 'complete' };
    case 'tasks/cancel':
      await tasks.cancel(task);
      return { resultType: 'complete' };
  }
}
