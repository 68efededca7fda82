import type { JsonObject } from '../../task/json.ts';
import { isTerminal } from '../../task/task.ts';
import { findServed, type ServedTasks, ServeRefusal, taskIdIn } from '../served-tasks.ts';
import { encodeTask } from './encode.ts';

/** A task request with an immediate answer; `tasks/result` has its own stream. */
export interface TaskRequest {
  readonly method: 'tasks/get' | 'tasks/list' | 'tasks/cancel';
  readonly params: JsonObject;
}

/** Answers a task request. @throws {ServeRefusal} */
export async function answerTaskRequest({ method, params }: TaskRequest, tasks: ServedTasks): Promise<JsonObject> {
  switch (method) {
    case 'tasks/get':
      return encodeTask(await findServed(tasks, taskIdIn(params)));
    case 'tasks/list': {
      const page = await tasks.list(typeof params.cursor === 'string' ? params.cursor : undefined);
      const { next } = page;
      return { tasks: page.tasks.map(encodeTask), ...(next === undefined ? {} : { nextCursor: next }) };
    }
    case 'tasks/cancel': {
      const task = await findServed(tasks, taskIdIn(params));
      if (isTerminal(task.status)) {
        throw new ServeRefusal(-32602, `The task is already terminal: ${task.status}`);
      }
      await tasks.cancel(task);
      return encodeTask(await findServed(tasks, task.taskId));
    }
  }
}
