import type { Readable } from 'node:stream';
import type { Wire } from '../wire/wire.ts';
import { createLineReader } from './line-reader.ts';
import { createMessageReader } from './message-reader.ts';
import { createOutstanding } from './outstanding.ts';
import { type ServerCommand, type ServerProcess, startServerProcess } from './server-process.ts';
import { createStderrTail } from './stderr-tail.ts';

const MAX_STDERR_LINE_BYTES = 64 * 1024;

export interface StdioServer extends ServerCommand {
  /** Receives lines of the server's standard error, and remarks about its standard output. */
  readonly onStderr?: ((line: string) => void) | undefined;
  /** Called when `initialize` was answered and the earlier `server/discover` was not. */
  readonly onDiscoverySilence?: (() => void) | undefined;
}

export interface StdioWire extends Wire {
  readonly pid: number | null;
  readonly stderr: Readable | null;
  /** Last lines of standard error: the reason of an end or a silence. */
  readonly stderrTail: readonly string[];
  /** Remark about standard output that was not a message. */
  readonly remark: string | undefined;
  /** How the server ended; undefined while it runs. */
  readonly ending: string | undefined;
  start(): Promise<void>;
}

/** Exchanges messages with a server in a child process, over its pipes. */
export function createStdioWire(server: StdioServer): StdioWire {
  const stderrTail = createStderrTail();
  const outstanding = createOutstanding(server.onDiscoverySilence);
  let running: ServerProcess | undefined;
  let ending: string | undefined;
  let remark: string | undefined;

  const readMessage = createMessageReader({
    onMessage: (message) => wire.onmessage?.(outstanding.received(message)),
    onLost: (failure, text) => wire.onlost?.(failure, text),
    onRemark(line) {
      if (remark === undefined) server.onStderr?.(line);
      remark ??= line;
    },
  });
  const readStderr = createLineReader(
    MAX_STDERR_LINE_BYTES,
    (line) => {
      stderrTail.add(line);
      server.onStderr?.(line);
    },
    () => undefined,
  );

  function recordEnd(how: string): void {
    const [first] = stderrTail.read();
    ending = first === undefined ? how : `${how}: ${first}`;
    wire.onclose?.();
  }

  const wire: StdioWire = {
    get pid() {
      return running?.child.pid ?? null;
    },
    get stderr() {
      return running?.child.stderr ?? null;
    },
    get stderrTail() {
      return stderrTail.read();
    },
    get remark() {
      return remark;
    },
    get ending() {
      return ending;
    },
    start() {
      running = startServerProcess(server, recordEnd);
      running.child.stdout.on('data', readMessage);
      running.child.stderr.on('data', readStderr);
      return running.spawned;
    },
    send(message) {
      outstanding.sent(message);
      const stdin = running?.child.stdin;
      if (stdin === undefined || !stdin.writable) {
        return Promise.reject(Object.assign(new Error('The server has ended'), { code: 'EPIPE' }));
      }
      return new Promise((resolve, reject) => {
        stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      });
    },
    close: async () => running?.close(),
  };
  return wire;
}
