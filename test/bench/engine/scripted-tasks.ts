import type { JsonObject } from '@mcp-tasks/client';

export interface TaskPlan {
  readonly tasks: number;
  readonly hintMs: number;
  readonly polls: number;
  readonly news: boolean;
}

/** A server's tasks, as cheap as possible, which record how late each poll is. */
export interface ScriptedTasks {
  readonly ids: readonly string[];
  readonly polls: number;
  /** Delay after the hint in ms, for each poll except a task's first. */
  readonly lateness: Float64Array;
  result(method: string, params: JsonObject): JsonObject;
}

export const AT = '2026-07-28T00:00:00Z';

export function createScriptedTasks({ tasks, hintMs, polls, news }: TaskPlan): ScriptedTasks {
  const ids = Array.from({ length: tasks }, (_, n) => `task-${String(n).padStart(6, '0')}`);
  const known = new Map(ids.map((id, n) => [id, n]));
  const counts = new Uint32Array(tasks);
  const answeredAt = new Float64Array(tasks);
  const late = new Float64Array(Number.isFinite(polls) ? tasks * polls : tasks * 100);
  let lates = 0;
  let polled = 0;
  let called = 0;

  function get(taskId: string): JsonObject {
    const n = known.get(taskId) ?? 0;
    const now = performance.now();
    const count = (counts[n] ?? 0) + 1;
    if (count > 1 && lates < late.length) {
      late[lates] = now - (answeredAt[n] ?? 0) - hintMs;
      lates += 1;
    }
    counts[n] = count;
    answeredAt[n] = now;
    polled += 1;
    const times = { createdAt: AT, lastUpdatedAt: AT, ttlMs: null, pollIntervalMs: hintMs };
    if (count < polls) {
      const statusMessage = news ? `Step ${count}` : 'Under way';
      return { resultType: 'complete', taskId, status: 'working', statusMessage, ...times };
    }
    const result = { resultType: 'complete', content: [{ type: 'text', text: 'Done.' }] };
    return { resultType: 'complete', taskId, status: 'completed', ...times, result };
  }

  function call(): JsonObject {
    called += 1;
    const taskId = `called-${String(called).padStart(6, '0')}`;
    return { resultType: 'task', taskId, status: 'working', createdAt: AT, lastUpdatedAt: AT, ttlMs: null };
  }

  return {
    ids,
    get polls() {
      return polled;
    },
    get lateness() {
      return late.subarray(0, lates);
    },
    result(method, params) {
      if (method === 'tasks/get') return get(String(params.taskId));
      if (method === 'tools/call') return { ...call(), pollIntervalMs: hintMs };
      return { resultType: 'complete' };
    },
  };
}
