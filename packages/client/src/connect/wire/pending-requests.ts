import { MAX_TIMER_MS } from '../../machine/poll-pace.ts';
import type { JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type Failure, type RequestOptions } from '../connection.ts';
import { aborted, rpcFailure } from './classify.ts';
import type { WireMessage } from './wire.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

/** A request without a response yet. */
export interface PendingRequest {
  readonly method: string;
  readonly response: Promise<JsonValue>;
  /** Aborted when the request fails: the rest of its stream is not read. */
  readonly stream: AbortSignal;
  settle(message: WireMessage): void;
  /** Rejects with the cause if it is a {@link ConnectionFailure}. Does nothing after the response. */
  fail(failure: Failure, cause?: unknown): void;
  /** Fails, and cancels the request at the server. */
  giveUp(failure: Failure): void;
}

export interface PendingRequestsOptions {
  /** Called with each result before the next message is read. */
  readonly onResult: ((result: JsonValue) => void) | undefined;
  /** True while a person signs in: timeouts are suspended. @default never */
  readonly isWaiting: (() => boolean) | undefined;
  /** Cancels the request at the server. */
  readonly onGivenUp: (id: string) => void;
}

/** Requests without a response, by id. */
export interface PendingRequests {
  add(id: string, method: string, options: RequestOptions): PendingRequest;
  get(id: string): PendingRequest | undefined;
  /** The request whose id this text of an unreadable message contains. */
  namedIn(text: string): PendingRequest | undefined;
  all(): readonly PendingRequest[];
}

export function createPendingRequests(options: PendingRequestsOptions): PendingRequests {
  const pending = new Map<string, PendingRequest>();

  function add(id: string, method: string, { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: RequestOptions): PendingRequest {
    const stream = new AbortController();
    let resolve: (result: JsonValue) => void = () => undefined;
    let reject: (error: ConnectionFailure) => void = () => undefined;
    const response = new Promise<JsonValue>((...given) => {
      [resolve, reject] = given;
    });
    const finish = (): void => {
      pending.delete(id);
      limit.clear();
      signal?.removeEventListener('abort', onAbort);
    };
    const request: PendingRequest = {
      ...{ method, response, stream: stream.signal },
      settle({ error, result }) {
        finish();
        const isResult = error === undefined || (error === null && result !== undefined);
        if (!isResult) return reject(new ConnectionFailure(rpcFailure(error)));
        options.onResult?.(result ?? null);
        resolve(result ?? null);
      },
      fail(failure, cause) {
        if (!pending.has(id)) return;
        finish();
        stream.abort();
        reject(cause instanceof ConnectionFailure ? cause : new ConnectionFailure(failure, cause));
      },
      giveUp(failure) {
        if (!pending.has(id)) return;
        request.fail(failure);
        options.onGivenUp(id);
      },
    };
    const onAbort = (): void => request.giveUp(aborted);
    const limit = startLimit(timeoutMs, options.isWaiting, request.giveUp);
    pending.set(id, request);
    signal?.addEventListener('abort', onAbort, { once: true });
    return request;
  }

  return {
    add,
    get: (id) => pending.get(id),
    namedIn: (text) => [...pending].find(([id]) => text.includes(JSON.stringify(id)))?.[1],
    all: () => [...pending.values()],
  };
}

/** Starts the timeout of a request; null has none. */
function startLimit(
  timeoutMs: number | null,
  isWaiting: (() => boolean) | undefined,
  giveUp: (failure: Failure) => void,
): { clear(): void } {
  const arm = (ms: number): ReturnType<typeof setTimeout> =>
    setTimeout(
      () => {
        if (isWaiting?.() === true) timer = arm(ms);
        else giveUp({ kind: 'timeout', message: `no answer within ${ms / 1000} s` });
      },
      Math.min(ms, MAX_TIMER_MS),
    );
  let timer = timeoutMs === null ? undefined : arm(timeoutMs);
  return { clear: () => clearTimeout(timer) };
}
