import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { ConnectionFailure, type Failure } from './connection.ts';

const sessionGone: Failure = { kind: 'session-gone', message: 'the server no longer has the session of this task' };

/** Session of each task on 2025-11-25. When the server forgets a session, its tasks are lost. */
export interface SessionTasks {
  /** @throws {ConnectionFailure} `session-gone` for a task of a lost session */
  refuseLost(params: JsonObject): void;
  note(sessionId: string, params: JsonObject, result: JsonValue): JsonValue;
  lose(sessionId: string, params: JsonObject): void;
}

export function createSessionTasks(): SessionTasks {
  const sessions = new Map<string, string>();
  const lost = new Set<string>();

  function setSession(sessionId: string, taskId: JsonValue | undefined): void {
    if (typeof taskId === 'string') sessions.set(taskId, sessionId);
  }

  return {
    refuseLost({ taskId }) {
      if (lost.size === 0 || typeof taskId !== 'string') return;
      if (lost.has(sessions.get(taskId) ?? '')) throw new ConnectionFailure(sessionGone);
    },
    note(sessionId, params, result) {
      setSession(sessionId, params.taskId);
      if (isJsonObject(result) && isJsonObject(result.task)) setSession(sessionId, result.task.taskId);
      return result;
    },
    lose(sessionId, params) {
      setSession(sessionId, params.taskId);
      lost.add(sessionId);
    },
  };
}
