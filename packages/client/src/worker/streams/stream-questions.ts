import type { Clock } from '../../clock.ts';
import { type Connection, ConnectionFailure, type IncomingRequest } from '../../connect/connection.ts';
import type { JsonObject } from '../../task/json.ts';
import type { InputResponse } from '../../task/task.ts';
import type { Listener } from './listener.ts';
import { createPendingRequests, type TaskRegistry, withdrawn } from './pending-requests.ts';

/** Questions that arrive as server requests, and their pending replies. */
export interface StreamQuestions {
  /** Receives the questions of one stream until the returned function is called. */
  listen(listener: Listener): () => void;
  /** Adds a client of this connection: tasks that it leads receive questions also without an open stream. */
  join(registry: TaskRegistry): void;
  /** Marks this task as followed here. */
  markKnown(taskId: string): void;
  /** False if no request with this key of this record is pending on a stream here. */
  answer(id: string, key: string, response: InputResponse): boolean;
  /** The keys of this record whose requests are pending on an open stream. */
  asked(id: string): readonly string[];
}

interface Waiting {
  readonly listener: Listener;
  readonly key: string;
  readonly resolve: (response: JsonObject) => void;
  /** The stream of the request has ended: the server may still wait for a reply, or ask again. */
  left: boolean;
}

/** The task that a request names, if any. */
export type TaskOf = (params: JsonObject) => string | undefined;

const NONE: readonly string[] = [];

const shared = new WeakMap<Connection, StreamQuestions>();

/** One for all clients of a connection: a question reaches its task, whichever client follows it. */
export function streamQuestionsOf(connection: Connection, clock: Clock, taskOf: TaskOf): StreamQuestions {
  const questions = shared.get(connection) ?? createStreamQuestions(connection, clock, taskOf);
  shared.set(connection, questions);
  return questions;
}

export function createStreamQuestions(connection: Connection, clock: Clock, taskOf: TaskOf): StreamQuestions {
  const listeners = new Set<Listener>();
  const waiting = new Set<Waiting>();
  const held = createPendingRequests(clock, () => !calls().every(({ isPlain }) => isPlain));

  const calls = (): readonly Listener[] => [...listeners].filter(({ taskId }) => taskId === null);

  function waitingFor(id: string, key?: string): readonly Waiting[] {
    return [...waiting].filter((each) => each.listener.id === id && (key === undefined || each.key === key));
  }

  function find({ params, stream }: IncomingRequest): Listener | undefined {
    const taskId = taskOf(params);
    const all = [...listeners];
    const caller = calls().find(({ id }) => id === stream);
    if (taskId !== undefined) {
      return all.findLast((listener) => listener.taskId === taskId) ?? (caller?.isPlain ? caller : undefined);
    }
    if (caller !== undefined) return caller;
    // A request without a task or stream belongs to a call in flight, or to the only listening task. Of several calls
    // it is the oldest without a question: a call that becomes a task returns quickly.
    const isAsked = ({ id }: Listener): boolean => waitingFor(id).length > 0;
    return calls().find((call) => !isAsked(call)) ?? calls().at(-1) ?? (all.length === 1 ? all[0] : undefined);
  }

  /** Waits for the answer, which may already be on record when the question arrives. */
  function awaitAnswer(listener: Listener, key: string, signal: AbortSignal): Promise<JsonObject> {
    for (const each of waitingFor(listener.id, key)) {
      if (each.left) waiting.delete(each); // its stream has ended, and the server asked again
    }
    const answer = new Promise<JsonObject>((resolve, reject) => {
      const mine: Waiting = { listener, key, resolve, left: false };
      waiting.add(mine);
      signal.addEventListener('abort', () => {
        if (waiting.delete(mine)) listener.withdraw(key);
        reject(new ConnectionFailure(withdrawn));
      });
    });
    answer.catch(() => undefined); // the server may withdraw the question while it is being saved
    return answer;
  }

  connection.onRequest(async (incoming: IncomingRequest) => {
    const { method, params, signal } = incoming;
    const listener = find(incoming) ?? (await held.hold(taskOf(params), signal));
    const request = { method, params };
    const key = listener.keyOf(request);
    const answer = awaitAnswer(listener, key, signal);
    await listener.ask(key, request);
    return answer;
  });

  return {
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        for (const each of waiting) if (each.listener === listener) each.left = true;
      };
    },
    join: held.join,
    markKnown: held.markKnown,
    answer(id, key, response) {
      const all = waitingFor(id, key);
      for (const each of all) {
        waiting.delete(each);
        each.resolve(response);
      }
      return all.length > 0;
    },
    asked: (id) => (waiting.size === 0 ? NONE : waitingFor(id).flatMap(({ key, left }) => (left ? [] : [key]))),
  };
}
