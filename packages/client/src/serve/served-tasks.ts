import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ServedTask } from './served-task.ts';

/** One page of tasks. */
export interface ServedPage {
  /** The tasks of this page. */
  readonly tasks: readonly ServedTask[];
  /** Cursor of the next page; undefined on the last page. */
  readonly next?: string | undefined;
}

/** Tasks served to one client, from a record store or from a server's own engine. */
export interface ServedTasks {
  /** The task with this id; undefined if this client does not have it, or no longer. */
  find(taskId: string): Promise<ServedTask | undefined>;
  /**
   * Calls `onChange` with the current version and each new one. Resolves when the task ends; rejects if it is deleted
   * or the signal aborts.
   */
  follow(taskId: string, signal: AbortSignal, onChange: (task: ServedTask) => void): Promise<ServedTask>;
  /**
   * Answers questions of this version of the task, by key; keys that are not open are ignored. @throws {ServeRefusal}
   */
  answer(task: ServedTask, responses: Readonly<Record<string, unknown>>): Promise<void>;
  /** Requests a cancel. A task that has ended does not change. */
  cancel(task: ServedTask): Promise<void>;
  /** One page of the client's tasks. @throws {ServeRefusal} for an invalid cursor */
  list(cursor: string | undefined): Promise<ServedPage>;
  /** Marks the task's end as delivered to the client. */
  delivered(task: ServedTask): void;
}

/** A refused request, with its JSON-RPC error. */
export class ServeRefusal extends Error {
  /** JSON-RPC error code. */
  readonly code: number;
  /** JSON-RPC error data. */
  readonly data: JsonValue | undefined;

  constructor(code: number, message: string, data?: JsonValue) {
    super(message);
    this.name = 'ServeRefusal';
    this.code = code;
    this.data = data;
  }
}

const INVALID_PARAMS = -32602;

/** @throws {ServeRefusal} for a task that the client does not have, or no longer */
export async function findServed(tasks: ServedTasks, taskId: string): Promise<ServedTask> {
  const task = await tasks.find(taskId);
  if (task !== undefined) return task;
  throw new ServeRefusal(INVALID_PARAMS, `Unknown or expired task: ${taskId}`);
}

/** @throws {ServeRefusal} for parameters without a task id */
export function taskIdIn({ taskId }: JsonObject): string {
  if (typeof taskId === 'string') return taskId;
  throw new ServeRefusal(INVALID_PARAMS, 'taskId must be a string');
}
