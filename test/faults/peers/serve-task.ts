import type { JsonObject, JsonValue } from '../../../packages/client/src/task/json.ts';
import { type Act, startFaulty } from '../start-faulty.ts';

export interface TaskScript {
  readonly revision: '2026-07-28' | '2025-11-25';
  /** Replaces the reply to the n-th `tasks/get`. */
  readonly fault?: (nth: number) => Act | undefined;
  readonly pollHint?: JsonValue;
  readonly withoutTtl?: boolean;
  /** The creation reply in the other revision's shape: nested, or flat. */
  readonly otherShape?: boolean;
  /** The connection breaks after the call was received. */
  readonly loseCall?: boolean;
}

export interface TaskServer {
  readonly url: string;
  count(method: string): number;
  /** Instants of each `tasks/get`, in ms. */
  readonly polledAt: readonly number[];
  stop(): Promise<void>;
}

const WORKS_FOR_MS = 3000;
const RESULT = { content: [{ type: 'text', text: 'done' }] };

/** A server with one tool, whose task takes three seconds, and with scripted faults. */
export async function serveTask(script: TaskScript): Promise<TaskServer> {
  const { revision, pollHint = 500 } = script;
  const isModern = revision === '2026-07-28';
  const polledAt: number[] = [];
  let doneAt = Number.POSITIVE_INFINITY;

  function task(): JsonObject {
    const isDone = Date.now() >= doneAt;
    const at = new Date(isDone ? doneAt : doneAt - WORKS_FOR_MS).toISOString();
    const ttl = script.withoutTtl === true ? {} : { [isModern ? 'ttlMs' : 'ttl']: 60_000 };
    const hint = { [isModern ? 'pollIntervalMs' : 'pollInterval']: pollHint };
    const status = isDone ? 'completed' : 'working';
    return { taskId: 't1', status, createdAt: at, lastUpdatedAt: at, ...ttl, ...hint };
  }

  const server = await startFaulty(
    async ({ method, count }) => {
      switch (method) {
        case 'tools/call': {
          doneAt = Date.now() + WORKS_FOR_MS;
          if (script.loseCall === true) return 'reset';
          const isFlat = isModern !== (script.otherShape === true);
          const type = isModern ? { resultType: 'task' } : {};
          return { result: { ...type, ...(isFlat ? task() : { task: task() }) } };
        }
        case 'tasks/get': {
          polledAt.push(Date.now());
          const fault = script.fault?.(count);
          if (fault !== undefined) return fault;
          const now = task();
          if (!isModern) return { result: now };
          const result = now.status === 'completed' ? { result: { resultType: 'complete', ...RESULT } } : {};
          return { result: { resultType: 'complete', ...now, ...result } };
        }
        case 'tasks/result':
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, doneAt - Date.now())));
          return { result: RESULT };
        case 'tasks/cancel':
          return { result: isModern ? { resultType: 'complete' } : { ...task(), status: 'cancelled' } };
        default:
          return undefined;
      }
    },
    { revision, taskSupport: 'optional' },
  );
  return { url: server.url, count: server.count, polledAt, stop: server.stop };
}
