import { isTooDeep, tooDeep } from '../../protocol/depth.ts';
import type { JsonObject, JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type Failure, type IncomingRequest, type RequestOptions } from '../connection.ts';
import type { PollWire } from '../http/poll-wire.ts';
import { createAsyncContext } from './async-context.ts';
import { aborted, tooLong } from './classify.ts';
import { createDelivery, type Run } from './deliver.ts';
import { hookWire } from './hook-wire.ts';
import { createInbox } from './inbox.ts';
import { createPendingRequests } from './pending-requests.ts';
import { isResponse, type Wire, type WireMessage, type WireSendOptions } from './wire.ts';

/** Prefix of this library's request ids and progress tokens; the client on the same wire never sees them. */
const OURS = 'mcp-tasks:';
const INVALID_PARAMS = -32602;

export interface ChannelOptions {
  /** `_meta` of every request, if the revision requires one. */
  readonly envelope?: JsonObject | undefined;
  /** True for server requests that this channel handles. The wire's client gets the others. */
  handles(method: string, params: JsonObject): boolean;
  /** Called with each result before the next message is read. */
  readonly onResult?: ((result: JsonValue) => void) | undefined;
  /** Headers that mirror a request, if the transport has headers. */
  readonly headersOf?: ((method: string, params: JsonObject) => WireSendOptions['headers']) | undefined;
  readonly run?: Run | undefined;
  /** Sends polls with less CPU than the wire. */
  readonly polls?: PollWire | undefined;
  /**
   * Methods to fail when the wire reports an error without its request: their stream may have broken. Only methods that
   * are safe to repeat. @default none: the wire reports each request's error
   */
  readonly suspects?: ((method: string) => boolean) | undefined;
  /** True while a person signs in: timeouts are suspended. @default never */
  readonly isWaiting?: (() => boolean) | undefined;
  /** True if all requests share one pipe, so that only a notification cancels one. @default false */
  readonly isSharedPipe?: boolean | undefined;
  /** False for a host's wire: closing the channel leaves it open. */
  readonly ownsWire: boolean;
}

export interface Channel {
  /** Why the channel accepts no more requests. */
  readonly ended: Failure | undefined;
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonValue>;
  /** Sends a request; `onId` gets its id before it is sent. Notifications on its stream carry the id. */
  open(method: string, params: JsonObject, options: RequestOptions, onId: (id: string) => void): Promise<JsonValue>;
  onRequest(handler: (request: IncomingRequest) => Promise<JsonObject>): () => void;
  onNotification(listener: (method: string, params: JsonObject) => void): () => void;
  onClosed(listener: (failure: Failure) => void): () => void;
  close(): Promise<void>;
}

const responseCutOff: Failure = { kind: 'transport', message: 'the response was cut off' };

/**
 * JSON-RPC with its own request ids beside the client that owns the wire: responses to these ids do not reach the
 * client, which rejects unknown ids. All other messages pass unchanged.
 */
export function openChannel(wire: Wire, options: ChannelOptions): Channel {
  const prefix = `${OURS}${crypto.randomUUID().slice(0, 8)}:`;
  const pending = createPendingRequests({
    onResult: options.onResult,
    isWaiting: options.isWaiting,
    onGivenUp(requestId) {
      // On revisions with an envelope, ending the HTTP stream cancels the request. Otherwise the notification does.
      if (options.envelope !== undefined && options.isSharedPipe !== true) return;
      const notice = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } } as const;
      void wire.send(notice).catch(() => undefined);
    },
  });
  const notified = new Set<(method: string, params: JsonObject) => void>();
  const closed = new Set<(failure: Failure) => void>();
  const deliver = createDelivery(wire, options.run, options.polls);
  const inbox = createInbox(deliver);
  // A message on a request's stream is read in the async context of its send.
  const streams = createAsyncContext<string | undefined>();
  let sent = 0;
  let ended: Failure | undefined;
  let isClosing = false;

  function handles(message: WireMessage): boolean {
    if (isResponse(message) && typeof message.id === 'string' && message.id.startsWith(prefix)) {
      pending.get(message.id)?.settle(message); // unknown id: a late response to an abandoned request
      return true;
    }
    const { method, id, params = {} } = message;
    if (method === undefined) return false;
    if (isTooDeep(params)) return refuseDepth(id);
    if (id === undefined) return receiveNotification(method, params);
    if (isClosing || !options.handles(method, params)) return false;
    inbox.receive(id, method, params, streams.current());
    return true;
  }

  /** No handler could read such a message: refuses a request, drops a notification. */
  function refuseDepth(id: WireMessage['id']): true {
    const error = { code: INVALID_PARAMS, message: tooDeep('the request') };
    if (id !== undefined) void deliver({ jsonrpc: '2.0', id, error }).catch(() => undefined);
    return true;
  }

  /** True for the progress of this channel's own requests. */
  function receiveNotification(method: string, params: JsonObject): boolean {
    if (method === 'notifications/cancelled') inbox.withdraw(params.requestId);
    for (const listener of notified) listener(method, params);
    return method === 'notifications/progress' && String(params.progressToken).startsWith(OURS);
  }

  function end(failure: Failure): Failure {
    ended ??= failure;
    for (const each of pending.all()) each.fail(ended);
    inbox.clear();
    return ended;
  }

  const { suspects } = options;
  const unhook = hookWire(wire, {
    handles,
    onLost(failure, text) {
      const meant = pending.namedIn(text);
      // An over-long message was a response; other unreadable text may be noise.
      const affected = meant === undefined ? (failure === tooLong ? pending.all() : []) : [meant];
      for (const each of affected) each.fail(failure);
    },
    onError:
      suspects === undefined
        ? undefined
        : () => {
            for (const each of pending.all().filter(({ method }) => suspects(method))) each.fail(responseCutOff);
          },
    onClose() {
      const failure = end({ kind: 'transport', message: wire.ending ?? 'the connection closed' });
      if (!isClosing) for (const listener of closed) listener(failure);
    },
  });

  const open: Channel['open'] = (method, params, requestOptions, onId) => {
    const { signal, maySend } = requestOptions;
    if (ended !== undefined) return Promise.reject(new ConnectionFailure(ended));
    if (signal?.aborted) return Promise.reject(new ConnectionFailure(aborted));
    const id = `${prefix}${sent++}`;
    onId(id);
    const { response, stream, fail, giveUp } = pending.add(id, method, requestOptions);
    const message = { jsonrpc: '2.0', id, method, params: withEnvelope(params, options.envelope) } as const;
    const headers = options.headersOf?.(method, params);
    const mirror = headers === undefined ? {} : { headers };
    const sendOptions = { requestSignal: stream, onRequestStreamEnd: () => fail(responseCutOff), maySend, ...mirror };
    streams
      .run(requestOptions.stream, () => deliver(message, sendOptions, giveUp))
      .catch((error: ConnectionFailure) => fail(error.failure, error));
    return response;
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
      isClosing = true;
      if (options.ownsWire) return wire.close();
      end({ kind: 'aborted', message: 'the connection was closed by this client' });
      unhook();
    },
  };
}

function withEnvelope(params: JsonObject, envelope: JsonObject | undefined): JsonObject {
  if (envelope === undefined) return params;
  return { ...params, _meta: { ...envelope, ...(params._meta as JsonObject | undefined) } };
}
