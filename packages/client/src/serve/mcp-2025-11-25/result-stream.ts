import type { JsonObject } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import type { InputRequest } from '../../task/task.ts';
import type { ServedTask } from '../served-task.ts';
import { findServed, type ServedTasks } from '../served-tasks.ts';
import { encodePayload, RELATED_TASK } from './encode.ts';

/** Sends a question to the client. Undefined: no answer, and the question stays open. A rejection ends the stream. */
export type AskOnStream = (question: InputRequest, signal: AbortSignal) => Promise<JsonObject | undefined>;

/** One `tasks/result` request. */
export interface ResultRequest {
  readonly taskId: string;
  /** Aborted when the client closes the stream. */
  readonly signal: AbortSignal;
  readonly ask: AskOnStream;
}

/** Blocks `tasks/result` until the task ends; resolves to its payload. @throws {ServeRefusal} */
export type ResultStream = (request: ResultRequest) => Promise<JsonObject>;

/** Sends the task's questions on its `tasks/result` stream; if a task has several streams, only on the newest. */
export function createResultStream(tasks: ServedTasks): ResultStream {
  const newest = new Map<string, AbortController>();

  return async ({ taskId, signal, ask }) => {
    await findServed(tasks, taskId);
    /** Aborted when a newer stream replaces this one, or when it ends. */
    const replaced = new AbortController();
    newest.get(taskId)?.abort();
    newest.set(taskId, replaced);
    const broken = new AbortController();
    const questions = createQuestions(tasks, ask, replaced.signal, (error) => broken.abort(error));
    try {
      const ends = AbortSignal.any([signal, broken.signal]);
      const ended = await tasks.follow(taskId, ends, (task) => questions.follow(task));
      tasks.delivered(ended);
      return encodePayload(ended);
    } catch (error) {
      throw broken.signal.aborted ? broken.signal.reason : error;
    } finally {
      replaced.abort();
      if (newest.get(taskId) === replaced) newest.delete(taskId);
    }
  };
}

interface Asked {
  readonly questionId: string;
  readonly withdraw: AbortController;
}

/** Sends each open question once, and withdraws those answered elsewhere. */
function createQuestions(
  tasks: ServedTasks,
  ask: AskOnStream,
  replaced: AbortSignal,
  onFailure: (error: unknown) => void,
): { follow(task: ServedTask): void } {
  const asked = new Map<string, Asked>();

  async function sendQuestion(task: ServedTask, key: string, { method, params }: InputRequest, signal: AbortSignal) {
    const related = { ...params, _meta: { [RELATED_TASK]: { taskId: task.taskId } } };
    const response = await ask({ method, params: related }, signal);
    if (response !== undefined && !signal.aborted) await tasks.answer(task, { [key]: response });
  }

  return {
    follow(task) {
      const open = task.status === 'input_required' ? task.inputRequests : {};
      for (const [key, { questionId, withdraw }] of asked) {
        if (own(open, key) !== undefined && own(task.questionIds, key) === questionId) continue;
        withdraw.abort();
        asked.delete(key);
      }
      for (const [key, question] of Object.entries(open)) {
        const questionId = own(task.questionIds, key);
        // Without an id the question was answered, and stays listed until the answer takes effect.
        if (questionId === undefined || asked.has(key) || replaced.aborted) continue;
        const withdraw = new AbortController();
        asked.set(key, { questionId, withdraw });
        sendQuestion(task, key, question, AbortSignal.any([replaced, withdraw.signal])).catch(onFailure);
      }
    },
  };
}
