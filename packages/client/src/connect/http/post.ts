import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { Dispatcher } from 'undici';
import { ConnectionFailure } from '../connection.ts';
import { aborted, MAX_MESSAGE_BYTES, tooLong } from '../wire/classify.ts';

/** One message to send, and when to stop. */
export interface Post {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
  /** Hears the data of each event, where the answer is a stream; true ends it. */
  readonly onEvent: (data: string) => boolean;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body; empty for a stream of events. */
  readonly text: string;
}

/** A stream that has given its answer ends within this time, or is cut off. */
const LINGER_MS = 1_000;

/**
 * Sends one message over a pooled socket and reads the whole answer. Nothing is followed and nothing is repeated.
 * @throws {ConnectionFailure} `aborted`, or a body that is too long; whatever the network throws
 */
export function post(pool: Dispatcher, { signal, onEvent, ...request }: Post): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = createBody(onEvent);
    let head: Omit<Reply, 'text'> | undefined;
    let linger: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    const settle = (): void => {
      clearTimeout(linger);
      signal?.removeEventListener('abort', stop);
    };
    const finish = (): void => {
      settle();
      if (head !== undefined) resolve({ ...head, text: body.end() });
    };
    pool.dispatch(
      { ...request, method: 'POST' },
      {
        onRequestStart(controller) {
          stop = () => controller.abort(new ConnectionFailure(aborted));
          if (signal?.aborted) return stop();
          signal?.addEventListener('abort', stop, { once: true });
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          head = { status, headers };
          body.begin(String(headers['content-type'] ?? ''));
        },
        onResponseData(controller, chunk) {
          const state = body.add(chunk);
          if (state === 'too long') controller.abort(new ConnectionFailure(tooLong));
          if (state !== 'answered') return;
          linger ??= setTimeout(() => {
            finish();
            controller.abort(new ConnectionFailure(aborted));
          }, LINGER_MS);
        },
        onResponseEnd: finish,
        onResponseError(_controller, error) {
          settle();
          reject(error);
        },
      },
    );
  });
}

interface Body {
  begin(contentType: string): void;
  add(chunk: Buffer): 'more' | 'answered' | 'too long';
  end(): string;
}

function createBody(onEvent: Post['onEvent']): Body {
  const chunks: Buffer[] = [];
  const decoder = new TextDecoder();
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
        events.feed(decoder.decode(chunk, { stream: true }));
        return state;
      }
      size += chunk.length;
      if (size > MAX_MESSAGE_BYTES) return 'too long';
      chunks.push(chunk);
      return 'more';
    },
    end() {
      events?.feed('\n\n'); // some servers leave out the line that ends the last event
      const [only] = chunks;
      return decoder.decode(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    },
  };
}
