import { MAX_TIMER_MS } from '../../machine/poll-pace.ts';
import type { JsonObject, JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type Failure, type IncomingRequest, type RequestOptions } from '../connection.ts';
import type { PollWire } from '../http/poll-wire.ts';
import { createCourse } from './async-context.ts';
import { aborted, rpcFailure, tooLong } from './classify.ts';
import { createDelivery, type Run } from './deliver.ts';
import { createInbox } from './inbox.ts';
import { isResponse, type Wire, type WireMessage, type WireSendOptions } from './wire.ts';

/** Begins our request ids and progress tokens: the client that shares the wire never sees them. */
const OURS = 'mcp-tasks:';
const DEFAULT_TIMEOUT_MS = 30_000;

export interface ChannelOptions {
  /** The `_meta` that every request carries, where the revision wants one. */
  readonly envelope?: JsonObject | undefined;
  /** Which requests of the server are ours; the others stay with the client that owns the wire. */
  takes(method: string, params: JsonObject): boolean;
  /** Hears each result before anything that comes after it is read. */
  readonly onResult?: ((result: JsonValue) => void) | undefined;
  /** Headers that mirror a request, where the transport has any. */
  readonly headersOf?: ((method: string, params: JsonObject) => WireSendOptions['headers']) | undefined;
  readonly run?: Run | undefined;
  /** Sends polls at less cost than the wire does. */
  readonly polls?: PollWire | undefined;
  /**
   * Which requests to give up when the wire reports an error without saying whose: their stream may be the one that
   * broke. Only such as may be asked again. @default none, the wire tells of each request
   */
  readonly suspects?: ((method: string) => boolean) | undefined;
  /** While a person is signing in, no time limit runs out. @default never */
  readonly isWaiting?: (() => boolean) | undefined;
  /** False for a host's wire: closing leaves it to the host. */
  readonly ownsWire: boolean;
}

export interface Channel {
  /** Why nothing can be sent any more. */
  readonly ended: Failure | undefined;
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonValue>;
  /** A request whose id is told before anything is sent: notifications on its stream carry it. */
  open(method: string, params: JsonObject, options: RequestOptions, onId: (id: string) => void): Promise<JsonValue>;
  onRequest(handler: (request: IncomingRequest) => Promise<JsonObject>): () => void;
  onNotification(listener: (method: string, params: JsonObject) => void): () => void;
  onClosed(listener: (failure: Failure) => void): () => void;
  close(): Promise<void>;
}

const brokeOff: Failure = { kind: 'transport', message: 'the answer broke off' };

interface Pending {
  readonly method: string;
  readonly settle: (message: WireMessage) => void;
  readonly fail: (failure: Failure) => void;
}

/**
 * Speaks JSON-RPC beside the client that owns this wire, under ids of its own: answers to them never reach the client,
 * which would refuse those it does not know. Everything else passes through untouched.
 */
export function openChannel(wire: Wire, options: ChannelOptions): Channel {
  const prefix = `${OURS}${crypto.randomUUID().slice(0, 8)}:`;
  const pending = new Map<string, Pending>();
  const notified = new Set<(method: string, params: JsonObject) => void>();
  const closed = new Set<(failure: Failure) => void>();
  const deliver = createDelivery(wire, options.run, options.polls);
  const inbox = createInbox(deliver);
  const { onmessage, onclose, onerror } = wire;
  // What comes on the stream of a request is read in the course of sending it.
  const streams = createCourse<string | undefined>();
  let sent = 0;
  let ended: Failure | undefined;
  let leaving = false;

  const receive: NonNullable<Wire['onmessage']> = (message, extra) => {
    if (isResponse(message) && typeof message.id === 'string' && message.id.startsWith(prefix)) {
      pending.get(message.id)?.settle(message); // else: given up before, and late now
      return;
    }
    const { method, id, params = {} } = message;
    if (!leaving && method !== undefined && id !== undefined && options.takes(method, params)) {
      inbox.receive(id, method, params, streams.current());
      return;
    }
    if (method !== undefined && id === undefined) {
      if (method === 'notifications/cancelled') inbox.withdraw(params.requestId);
      for (const listener of notified) listener(method, params);
      if (method === 'notifications/progress' && String(params.progressToken).startsWith(OURS)) return;
    }
    onmessage?.call(wire, message, extra);
  };

  const failAll = (failure: Failure): void => {
    for (const each of [...pending.values()]) each.fail(failure);
  };
  wire.onmessage = receive;
  wire.onlost = (failure, text) => {
    const meant = [...pending].find(([id]) => text.includes(JSON.stringify(id)));
    if (meant !== undefined) meant[1].fail(failure);
    else if (failure === tooLong) failAll(failure); // it was somebody's answer; what else is unreadable may be chatter
  };
  if (options.suspects !== undefined) {
    wire.onerror = (error) => {
      const suspected = [...pending.values()].filter(({ method }) => options.suspects?.(method));
      for (const each of suspected) each.fail(brokeOff);
      onerror?.call(wire, error);
    };
  }
  wire.onclose = () => {
    ended ??= { kind: 'transport', message: wire.ending ?? 'the connection closed' };
    failAll(ended);
    inbox.clear();
    if (!leaving) for (const listener of closed) listener(ended);
    onclose?.call(wire);
  };

  const open: Channel['open'] = (method, params, requestOptions, onId) => {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = requestOptions;
    if (ended !== undefined) return Promise.reject(new ConnectionFailure(ended));
    if (signal?.aborted) return Promise.reject(new ConnectionFailure(aborted));
    const id = `${prefix}${sent++}`;
    const stream = new AbortController();
    onId(id);
    return new Promise<JsonValue>((resolve, reject) => {
      const finish = (): void => {
        pending.delete(id);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const fail = (failure: Failure, cause?: unknown): void => {
        if (!pending.has(id)) return;
        finish();
        stream.abort(); // nobody reads what it may still bring
        reject(cause instanceof ConnectionFailure ? cause : new ConnectionFailure(failure, cause));
      };
      const giveUp = (failure: Failure): void => {
        fail(failure);
        const notice = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } } as const;
        // Where the stream is the request, ending it says the same; elsewhere only the notice does.
        if (options.envelope === undefined) void wire.send(notice).catch(() => undefined);
        stream.abort();
      };
      const onAbort = (): void => giveUp(aborted);
      const arm = (ms: number): ReturnType<typeof setTimeout> =>
        setTimeout(
          () => {
            if (options.isWaiting?.() === true) timer = arm(ms);
            else giveUp({ kind: 'timeout', message: `no answer within ${ms / 1000} s` });
          },
          Math.min(ms, MAX_TIMER_MS),
        );
      let timer = timeoutMs === null ? undefined : arm(timeoutMs);
      const settle = (message: WireMessage): void => {
        finish();
        if (message.error === undefined || (message.error === null && message.result !== undefined)) {
          options.onResult?.(message.result ?? null);
          resolve(message.result ?? null);
        } else reject(new ConnectionFailure(rpcFailure(message.error)));
      };
      pending.set(id, { method, settle, fail });
      signal?.addEventListener('abort', onAbort, { once: true });
      const message = { jsonrpc: '2.0', id, method, params: withEnvelope(params, options.envelope) } as const;
      const onRequestStreamEnd = (): void => fail(brokeOff);
      const headers = options.headersOf?.(method, params);
      const mirror = headers === undefined ? {} : { headers };
      const sendOptions = { requestSignal: stream.signal, onRequestStreamEnd, ...mirror };
      streams
        .run(requestOptions.stream, () => deliver(message, sendOptions, giveUp))
        .catch((error: ConnectionFailure) => fail(error.failure, error));
    });
  };

  return {
    get ended() {
      return ended;
    },
    open,
    request: (method, params, requestOptions = {}) => open(method, params, requestOptions, () => undefined),
    onRequest: inbox.onRequest,
    onNotification(listener) {
      notified.add(listener);
      return () => notified.delete(listener);
    },
    onClosed(listener) {
      closed.add(listener);
      return () => closed.delete(listener);
    },
    async close() {
      leaving = true;
      if (options.ownsWire) return wire.close();
      ended ??= { kind: 'aborted', message: 'the connection was left' };
      failAll(ended);
      inbox.clear();
      // Whoever wrapped the wire after us still calls us; then everything just passes.
      if (wire.onmessage === receive) wire.onmessage = onmessage;
    },
  };
}

function withEnvelope(params: JsonObject, envelope: JsonObject | undefined): JsonObject {
  if (envelope === undefined) return params;
  return { ...params, _meta: { ...envelope, ...(params._meta as JsonObject | undefined) } };
}
