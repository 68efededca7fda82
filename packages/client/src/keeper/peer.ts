import type { Duplex } from 'node:stream';
import { createLineReader } from '../connect/stdio/line-reader.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ProtocolError } from '../task/task.ts';

/** Room for the largest result that a wire accepts. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** One end of a local socket with JSON-RPC 2.0, one message per line. */
export interface Peer {
  /** @throws {PeerError} the other side's error, or a closed socket. Aborting cancels the request at the other side. */
  request(method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonValue>;
  notify(method: string, params: JsonObject): void;
  /** Settles when the socket closes, for any reason. */
  readonly ended: Promise<void>;
  close(): void;
  /** Closes after all sent messages are written. */
  end(): void;
}

/** Handlers of a peer's requests and notifications. */
export interface PeerHandlers {
  /** A thrown error is sent as a JSON-RPC error. */
  onRequest(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonValue>;
  onNotification?(method: string, params: JsonObject): void;
}

/** An error of the other side, or a closed socket. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  /** The JSON-RPC error. */
  readonly error: ProtocolError;

  constructor(error: ProtocolError) {
    super(error.message);
    this.error = error;
  }
}

const SOCKET_ENDED: ProtocolError = { code: null, message: 'The connection to the background process has ended' };

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: JsonObject;
  readonly result?: JsonValue;
  readonly error?: ProtocolError;
}

interface Waiting {
  resolve(result: JsonValue): void;
  reject(error: Error): void;
}

export function createPeer(stream: Duplex, handlers: PeerHandlers): Peer {
  const waiting = new Map<number, Waiting>();
  const serving = new Map<number, AbortController>();
  let lastId = 0;

  const send = (message: Message): void => {
    if (stream.writable) stream.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };

  async function serve(id: number, method: string, params: JsonObject): Promise<void> {
    const given = new AbortController();
    serving.set(id, given);
    try {
      const result = await handlers.onRequest(method, params, given.signal);
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: asProtocolError(error) });
    } finally {
      serving.delete(id);
    }
  }

  function settle({ id = 0, result = null, error }: Message): void {
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(result);
    else waiter?.reject(new PeerError(error));
  }

  function receive(line: string): void {
    const message = parse(line);
    if (message === undefined) return;
    const { id, method } = message;
    const params = message.params ?? {};
    if (method === undefined) settle(message);
    else if (id !== undefined) void serve(id, method, params);
    else if (method === 'cancel') serving.get(Number(params.id))?.abort();
    else handlers.onNotification?.(method, params);
  }

  stream.on(
    'data',
    createLineReader(MAX_LINE_BYTES, receive, () => stream.destroy()),
  );
  stream.on('error', () => undefined); // `close` follows
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => {
      for (const each of waiting.values()) each.reject(new PeerError(SOCKET_ENDED));
      for (const each of serving.values()) each.abort();
      waiting.clear();
      resolve();
    });
  });

  return {
    request(method, params, signal) {
      lastId += 1;
      const id = lastId;
      return new Promise<JsonValue>((resolve, reject) => {
        if (stream.destroyed) return reject(new PeerError(SOCKET_ENDED));
        const abort = (): void => {
          waiting.delete(id);
          send({ method: 'cancel', params: { id } });
          reject(signal?.reason instanceof Error ? signal.reason : new Error('The request was aborted'));
        };
        const done = (): void => signal?.removeEventListener('abort', abort);
        waiting.set(id, {
          resolve(result) {
            done();
            resolve(result);
          },
          reject(error) {
            done();
            reject(error);
          },
        });
        send({ id, method, params });
        if (signal?.aborted === true) abort();
        else signal?.addEventListener('abort', abort, { once: true });
      });
    },
    notify: (method, params) => send({ method, params }),
    ended,
    close: () => stream.destroy(),
    end: () => stream.end(() => stream.destroy()),
  };
}

function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Message) : undefined;
  } catch {
    return undefined; // both ends are this library: a broken line was cut off when a process was killed
  }
}

function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof PeerError) return error.error;
  // The stack overflowed while the result was written.
  if (error instanceof RangeError) return { code: null, message: 'The answer is nested too deep to be passed on' };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
