import type { Duplex } from 'node:stream';
import { createLineReader } from '../connect/stdio/line-reader.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ProtocolError } from '../task/task.ts';

/** A result of a server may be as large as a wire lets through. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** One end of a local line that carries JSON-RPC 2.0, a message a line. */
export interface Peer {
  /** @throws {PeerError} what the other side said, or that the line is gone; aborting tells the other side. */
  request(method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonValue>;
  notify(method: string, params: JsonObject): void;
  /** Settles when the line has ended, for whatever reason. */
  readonly ended: Promise<void>;
  close(): void;
  /** Closes once what was sent is written. */
  end(): void;
}

/** What a peer is asked. */
export interface PeerHandlers {
  /** What it throws travels as a JSON-RPC error. */
  onRequest(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonValue>;
  onNotification?(method: string, params: JsonObject): void;
}

/** A refusal that the other side sent, or `line-ended` where it sends nothing any more. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  /** What the other side said. */
  readonly error: ProtocolError;

  constructor(error: ProtocolError) {
    super(error.message);
    this.error = error;
  }
}

const LINE_ENDED: ProtocolError = { code: null, message: 'The line to the background process has ended' };

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
    const { id, method, params = {} } = message;
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
      for (const each of waiting.values()) each.reject(new PeerError(LINE_ENDED));
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
        if (stream.destroyed) return reject(new PeerError(LINE_ENDED));
        const abort = (): void => {
          waiting.delete(id);
          send({ method: 'cancel', params: { id } });
          reject(signal?.reason instanceof Error ? signal.reason : new Error('The request was given up'));
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
    return undefined; // both ends are ours: a broken line is the end of a killed process
  }
}

function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof PeerError) return error.error;
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
