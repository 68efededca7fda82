import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { InputRequest, InputResponse } from '../core/task.ts';
import { type Connection, ConnectionFailure, type IncomingRequest } from '../ports/connection.ts';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** Who can be asked: a task whose `tasks/result` stream, or whose call, is open here. */
export interface Listener {
  readonly taskId: string | null;
  /** Takes the question in and tells under which key. */
  ask(request: InputRequest): Promise<string>;
}

/** Questions that come as requests of the server (2025-11-25), and the answers they wait for. */
export interface StreamQuestions {
  listen(listener: Listener): () => void;
  /** False when no request with this key waits on a stream of ours. */
  answer(key: string, response: InputResponse): boolean;
}

function relatedTask(params: JsonObject): string | undefined {
  const meta = isJsonObject(params._meta) ? params._meta[RELATED_TASK] : undefined;
  return isJsonObject(meta) && typeof meta.taskId === 'string' ? meta.taskId : undefined;
}

export function createStreamQuestions(connection: Connection): StreamQuestions {
  const listeners = new Set<Listener>();
  const waiting = new Map<string, (response: JsonObject) => void>();

  function find(params: JsonObject): Listener | undefined {
    const taskId = relatedTask(params);
    const all = [...listeners];
    if (taskId !== undefined) return all.find((listener) => listener.taskId === taskId);
    // Not tagged: it belongs to the call that is under way, or to the only task that listens.
    return all.findLast((listener) => listener.taskId === null) ?? (all.length === 1 ? all[0] : undefined);
  }

  connection.onRequest(async ({ method, params, signal }: IncomingRequest) => {
    const listener = find(params);
    if (listener === undefined) {
      throw new ConnectionFailure({ kind: 'rpc', code: -32603, message: 'No task of this client can be asked now' });
    }
    const key = await listener.ask({ method, params });
    return new Promise<JsonObject>((resolve, reject) => {
      waiting.set(key, resolve);
      signal.addEventListener('abort', () => {
        waiting.delete(key);
        reject(new ConnectionFailure({ kind: 'aborted', message: 'The server withdrew the question' }));
      });
    });
  });

  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    answer(key, response) {
      const resolve = waiting.get(key);
      if (resolve === undefined) return false;
      waiting.delete(key);
      resolve(response);
      return true;
    },
  };
}
