import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { InputRequest, InputResponse } from '../core/task.ts';
import { type Connection, ConnectionFailure, type Failure, type IncomingRequest } from '../ports/connection.ts';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

const withdrawn: Failure = { kind: 'aborted', message: 'The server withdrew the question' };

/** Who can be asked: a task whose `tasks/result` stream, or whose call, is open here. */
export interface Listener {
  /** The local id of the record: the same question of two tasks has the same key. */
  readonly id: string;
  readonly taskId: string | null;
  /** Under which key a question is taken in. */
  keyOf(request: InputRequest): string;
  ask(key: string, request: InputRequest): Promise<void>;
}

/** Questions that come as requests of the server (2025-11-25), and the answers they wait for. */
export interface StreamQuestions {
  listen(listener: Listener): () => void;
  /** False when no request of this record with this key waits on a stream of ours. */
  answer(id: string, key: string, response: InputResponse): boolean;
}

function relatedTask(params: JsonObject): string | undefined {
  const meta = isJsonObject(params._meta) ? params._meta[RELATED_TASK] : undefined;
  return isJsonObject(meta) && typeof meta.taskId === 'string' ? meta.taskId : undefined;
}

function slot(id: string, key: string): string {
  return `${id} ${key}`;
}

const shared = new WeakMap<Connection, StreamQuestions>();

/** One for all clients of a connection: a question finds its task whichever of them follows it. */
export function streamQuestionsOf(connection: Connection): StreamQuestions {
  const questions = shared.get(connection) ?? createStreamQuestions(connection);
  shared.set(connection, questions);
  return questions;
}

export function createStreamQuestions(connection: Connection): StreamQuestions {
  const listeners = new Set<Listener>();
  const waiting = new Map<string, (response: JsonObject) => void>();
  /** Tasks whose streams were open here at some time. */
  const heard = new Set<string>();

  function find({ params, stream }: IncomingRequest): Listener | undefined {
    const taskId = relatedTask(params);
    const all = [...listeners];
    if (taskId !== undefined) return all.find((listener) => listener.taskId === taskId);
    const caller = all.find((listener) => listener.taskId === null && listener.id === stream);
    if (caller !== undefined) return caller;
    // Not tagged, and no telling where it came: it belongs to a call under way, or to the only task that listens. Of
    // several calls the oldest that is not asked yet: one that makes a task is not under way for long.
    const calls = all.filter((listener) => listener.taskId === null);
    const isAsked = ({ id }: Listener): boolean => [...waiting.keys()].some((place) => place.startsWith(slot(id, '')));
    return calls.find((call) => !isAsked(call)) ?? calls.at(-1) ?? (all.length === 1 ? all[0] : undefined);
  }

  /**
   * The stream of a task may have been left while its question was on the way. Servers take an error for a refusal,
   * and ask again on the next stream: until they do, or withdraw it, this one stays without an answer.
   */
  function leaveUnanswered({ params, signal }: IncomingRequest): Promise<never> {
    if (!heard.has(relatedTask(params) ?? '')) {
      throw new ConnectionFailure({ kind: 'rpc', code: -32603, message: 'No task of this client can be asked now' });
    }
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new ConnectionFailure(withdrawn))));
  }

  connection.onRequest(async (incoming: IncomingRequest) => {
    const { method, params, signal } = incoming;
    const listener = find(incoming) ?? (await leaveUnanswered(incoming));
    const request = { method, params };
    const key = listener.keyOf(request);
    const place = slot(listener.id, key);
    const answer = new Promise<JsonObject>((resolve, reject) => {
      waiting.set(place, resolve); // before it is asked: the answer may be on record already
      signal.addEventListener('abort', () => {
        if (waiting.get(place) === resolve) waiting.delete(place); // else: the server has asked again meanwhile
        reject(new ConnectionFailure(withdrawn));
      });
    });
    answer.catch(() => undefined); // it may be withdrawn while it is being asked
    await listener.ask(key, request);
    return answer;
  });

  return {
    listen(listener) {
      listeners.add(listener);
      if (listener.taskId !== null) heard.add(listener.taskId);
      return () => listeners.delete(listener);
    },
    answer(id, key, response) {
      const resolve = waiting.get(slot(id, key));
      if (resolve === undefined) return false;
      waiting.delete(slot(id, key));
      resolve(response);
      return true;
    },
  };
}
