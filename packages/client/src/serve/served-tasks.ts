import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ServedTask } from './served-task.ts';

/** One page of tasks. */
export interface ServedPage {
  /** The tasks of this page. */
  readonly tasks: readonly ServedTask[];
  /** Where the next page begins; undefined at the end. */
  readonly next?: string | undefined;
}

/** The tasks that one client is served, from a store of records or from a server's own engine. */
export interface ServedTasks {
  /** By its task id; undefined for a task that this client does not have, or no longer. */
  find(taskId: string): Promise<ServedTask | undefined>;
  /** Hears each version of a task, the current one first. Resolves once it has ended; rejects when it is gone or the signal is aborted. */
  follow(taskId: string, signal: AbortSignal, onChange: (task: ServedTask) => void): Promise<ServedTask>;
  /** Takes answers to questions of this version of the task, by key; keys that are not open are ignored. @throws {ServeRefusal} */
  answer(task: ServedTask, responses: Readonly<Record<string, unknown>>): Promise<void>;
  /** Asks the task to stop. A task that has ended stays as it is. */
  cancel(task: ServedTask): Promise<void>;
  /** One page of the client's tasks. @throws {ServeRefusal} for a cursor that is none */
  list(cursor: string | undefined): Promise<ServedPage>;
  /** The end of this task is being told to the client. */
  delivered(task: ServedTask): void;
}

/** A request that is refused, with the JSON-RPC error that says why. */
export class ServeRefusal extends Error {
  /** The JSON-RPC code. */
  readonly code: number;
  /** What the error carries along. */
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
  throw new ServeRefusal(INVALID_PARAMS, 'taskId has to be a text');
}
