import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isJsonObject, type JsonObject } from '@mcp-tasks/client';

/** Limit of one message, in characters; a longer one ends the connection. */
const MAX_MESSAGE = 64 * 1024 * 1024;

/** JSON-RPC messages of a host over two streams, one a line. The SDK's own transport loads all its schemas. */
export interface HostWire {
  /** Resolves when the message is written, also when the host has disconnected. */
  send(message: object): Promise<void>;
  /** Settles when the host disconnects. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Lines that hold no JSON object are ignored, as the SDK does. */
export function openHostWire(input: Readable, output: Writable, onMessage: (message: JsonObject) => void): HostWire {
  const decoder = new StringDecoder('utf8');
  const line = { parts: [] as string[], length: 0 };
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  function add(part: string): void {
    if (part === '') return;
    line.parts.push(part);
    line.length += part.length;
    if (line.length > MAX_MESSAGE) close();
  }

  function receive(chunk: Buffer): void {
    const [first = '', ...others] = decoder.write(chunk).split('\n');
    add(first);
    for (const next of others) {
      const text = line.parts.splice(0).join('');
      line.length = 0;
      const message = parsed(text);
      if (message !== undefined) onMessage(message);
      add(next);
    }
  }

  function close(): void {
    input.off('data', receive);
    input.pause();
    end();
  }

  for (const event of ['end', 'close', 'error']) input.once(event, end);
  output.once('error', end);
  input.on('data', receive);
  return {
    send: (message) => new Promise((resolve) => output.write(`${JSON.stringify(message)}\n`, () => resolve())),
    ended,
    close,
  };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isJsonObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
