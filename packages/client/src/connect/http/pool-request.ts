import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { Dispatcher } from 'undici';
import { ConnectionFailure } from '../connection.ts';
import { aborted, MAX_MESSAGE_BYTES, tooLong } from '../wire/classify.ts';
import { createLineEnds } from './line-ends.ts';

/** One request to send, with its abort signal. */
export interface PoolRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal | undefined;
  /** Called when a socket is ready: a process that was suspended while it opened may no longer send. */
  readonly maySend?: (() => boolean) | undefined;
  /** Receives the data of each event of a stream; true ends the stream. */
  readonly onEvent: (data: string) => boolean;
}

/** The response. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Body; empty for an event stream. */
  readonly text: string;
}

/** A stream is cut off this long after its answer. */
const LINGER_MS = 1_000;

/**
 * Sends one request over a pooled socket and reads the whole response. Follows no redirect, repeats nothing.
 * @throws {ConnectionFailure} `aborted`, or a body that is too long; other network errors unchanged
 */
export function requestOver(pool: Dispatcher, { signal, maySend, onEvent, ...request }: PoolRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = createBody(onEvent);
    let head: Omit<Reply, 'text'> | undefined;
    let linger: ReturnType<typeof setTimeout> | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const settle = (): void => {
      clearTimeout(linger);
      signal?.removeEventListener('abort', stop);
    };
    // A request without a socket has no controller: it fails now, and is dropped when it gets one.
    const stop = (): void => {
      const failure = new ConnectionFailure(aborted);
      settle();
      reject(failure);
      controller?.abort(failure);
    };
    const finish = (): void => {
      settle();
      if (head !== undefined) resolve({ ...head, text: body.end() });
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    pool.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        if (signal?.aborted || maySend?.() === false) stop();
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return;
        head = { status, headers };
        body.begin(String(headers['content-type'] ?? ''));
      },
      onResponseData(started, chunk) {
        const state = body.add(chunk);
        if (state === 'too long') started.abort(new ConnectionFailure(tooLong));
        if (state !== 'answered') return;
        linger ??= setTimeout(() => {
          finish();
          started.abort(new ConnectionFailure(aborted));
        }, LINGER_MS);
      },
      onResponseEnd: finish,
      onResponseError(_controller, error) {
        settle();
        reject(error);
      },
    });
  });
}

interface Body {
  begin(contentType: string): void;
  add(chunk: Buffer): 'more' | 'answered' | 'too long';
  end(): string;
}

function createBody(onEvent: PoolRequest['onEvent']): Body {
  const chunks: Buffer[] = [];
  const decoder = new TextDecoder();
  const lineEnds = createLineEnds();
  let events: EventSourceParser | undefined;
  let size = 0;
  let state: 'more' | 'answered' | 'too long' = 'more';
  return {
    begin(contentType) {
      if (!contentType.startsWith('text/event-stream')) return;
      events = createParser({
        maxBufferSize: MAX_MESSAGE_BYTES,
        onEvent({ data, event = 'message' }) {
          if (event === 'message' && data !== '' && onEvent(data)) state = 'answered';
        },
        onError({ type }) {
          if (type === 'max-buffer-size-exceeded') state = 'too long';
        },
      });
    },
    add(chunk) {
      if (events !== undefined) {
        events.feed(lineEnds(decoder.decode(chunk, { stream: true })));
        return state;
      }
      size += chunk.length;
      if (size > MAX_MESSAGE_BYTES) return 'too long';
      chunks.push(chunk);
      return 'more';
    },
    end() {
      events?.feed('\n\n'); // some servers omit the blank line after the last event
      const [only] = chunks;
      return decoder.decode(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    },
  };
}
