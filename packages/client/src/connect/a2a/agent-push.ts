import { createParser } from 'eventsource-parser';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type Subscription } from '../connection.ts';
import { createLineEnds } from '../http/line-ends.ts';
import { MAX_MESSAGE_BYTES, rpcFailure } from '../wire/classify.ts';
import { decodeAnswer, encodeRequest } from './bindings.ts';
import type { AgentTransport } from './exchange.ts';
import type { AgentInterface } from './read-card.ts';
import { within } from './time-limit.ts';

/** Each stream holds a socket; tasks beyond these are polled. */
const MAX_STREAMS = 50;
const OPEN_MS = 10_000;

/** Stream of one task, open while it has users. */
interface TaskStream {
  readonly abort: AbortController;
  readonly users: Set<symbol>;
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;
}

export interface AgentPush {
  subscribe(taskIds: readonly string[], signal: AbortSignal): Promise<Subscription>;
  close(): void;
}

export interface AgentPushOptions {
  readonly transport: AgentTransport;
  readonly at: () => AgentInterface;
  readonly notify: (event: JsonObject) => void;
}

/** Opens one stream per task, since an agent streams one task at a time. The end of a stream does not end its task. */
export function createAgentPush({ transport, at, notify }: AgentPushOptions): AgentPush {
  const streams = new Map<string, TaskStream>();

  function streamOf(taskId: string): TaskStream {
    const known = streams.get(taskId);
    if (known !== undefined) return known;
    const abort = new AbortController();
    const body = open(taskId, abort);
    const opened = body.then(() => undefined);
    const ended = body.then((response) => read(response)).catch(() => undefined);
    const stream = { abort, users: new Set<symbol>(), opened, ended };
    streams.set(taskId, stream);
    void ended.then(() => streams.get(taskId) === stream && streams.delete(taskId));
    return stream;
  }

  async function open(taskId: string, abort: AbortController): Promise<Response> {
    const outgoing = encodeRequest(at(), 'SubscribeToTask', { id: taskId });
    if (outgoing === undefined) throw noStream('this agent has no streams');
    const limit = { signal: abort.signal, timeoutMs: OPEN_MS, isWaiting: () => false };
    const response = await within(async (late) => {
      const stop = new AbortController();
      late.addEventListener('abort', () => stop.abort(), { once: true });
      abort.signal.addEventListener('abort', () => stop.abort(), { once: true });
      return transport.open(outgoing, { version: at().version, signal: stop.signal });
    }, limit);
    if (/event-stream/i.test(response.headers.get('content-type') ?? '')) return response;
    throw streamRefusal(at(), (await response.json().catch(() => null)) as JsonValue);
  }

  async function read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    const parser = createParser({ maxBufferSize: MAX_MESSAGE_BYTES, onEvent: ({ data }) => readEvent(data) });
    const lineEnds = createLineEnds();
    for await (const chunk of response.body ?? [])
      parser.feed(lineEnds(decoder.decode(chunk as Uint8Array, { stream: true })));
  }

  /** Ignores an unreadable event: a poll reads the state. */
  function readEvent(data: string): void {
    try {
      const message = JSON.parse(data) as JsonValue;
      const event = isJsonObject(message) && isJsonObject(message.result) ? message.result : message;
      if (isJsonObject(event) && event.error === undefined) notify(event);
    } catch {
      // Not JSON.
    }
  }

  return {
    async subscribe(taskIds, signal) {
      const user = Symbol('subscription');
      const wanted = taskIds.slice(0, MAX_STREAMS).map((taskId) => ({ taskId, stream: streamOf(taskId) }));
      const unsubscribe = (): void => {
        for (const { stream } of wanted) {
          stream.users.delete(user);
          if (stream.users.size === 0) stream.abort.abort();
        }
      };
      for (const { stream } of wanted) stream.users.add(user);
      signal.addEventListener('abort', unsubscribe, { once: true });
      if (signal.aborted) unsubscribe();
      const tried = await Promise.allSettled(wanted.map(({ stream }) => stream.opened));
      const live = wanted.filter((_, index) => tried[index]?.status === 'fulfilled');
      const [refused] = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
      if (live.length === 0 && refused !== undefined) throw refused;
      const ended = Promise.all(live.map(({ stream }) => stream.ended)).then(() => undefined);
      return { honoured: live.map(({ taskId }) => taskId), ended };
    },
    close() {
      for (const { abort } of streams.values()) abort.abort();
    },
  };
}

function noStream(message: string): ConnectionFailure {
  return new ConnectionFailure({ kind: 'rpc', code: null, message });
}

function streamRefusal(at: AgentInterface, body: JsonValue): ConnectionFailure {
  const answer = decodeAnswer(at, 200, body);
  if (answer === undefined || !('error' in answer)) return noStream('it answers without a stream');
  return new ConnectionFailure(rpcFailure(answer.error));
}
