import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { getDefaultEnvironment } from '@modelcontextprotocol/client/stdio';
import { MAX_MESSAGE_BYTES, tooLong } from '../wire/classify.ts';
import { readJson } from '../wire/read-json.ts';
import type { Wire, WireMessage } from '../wire/wire.ts';
import { createLastWords } from './last-words.ts';
import { createLineReader } from './line-reader.ts';
import { createOutstanding } from './outstanding.ts';

const MAX_STDERR_LINE_BYTES = 64 * 1024;
const END_MS = 500;

export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Receives lines of the server's standard error, and remarks about its standard output. */
  readonly onStderr?: ((line: string) => void) | undefined;
  /** Called when `initialize` was answered and the earlier `server/discover` was not. */
  readonly onDiscoverySilence?: (() => void) | undefined;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export interface StdioWire extends Wire {
  readonly pid: number | null;
  readonly stderr: Readable | null;
  /** Last lines of standard error: the reason of an end or a silence. */
  readonly lastWords: readonly string[];
  /** Remark about output on standard output that was no message. */
  readonly remark: string | undefined;
  /** How the server ended; undefined while it runs. */
  readonly ending: string | undefined;
  start(): Promise<void>;
}

const living = new Set<() => void>();

/** Ends the servers' process groups at exit: a group outlives this process otherwise. */
function endWithUs(leave: () => void): void {
  if (living.size === 0) process.off('exit', endAll).once('exit', endAll);
  living.add(leave);
}

function endAll(): void {
  for (const leave of living) leave();
}

/**
 * Runs a server as a child in its own process group: Ctrl-C in the terminal does not reach it, and its own children end
 * with it.
 */
export function createStdioWire(server: StdioServer): StdioWire {
  let child: Child | undefined;
  const lastWords = createLastWords();
  const outstanding = createOutstanding(server.onDiscoverySilence);
  let ending: string | undefined;
  let remarked: string | undefined;
  let ended: Promise<void> = Promise.resolve();

  function remark(line: string): void {
    if (remarked === undefined) server.onStderr?.(line);
    remarked ??= line;
  }

  function signalGroup(signal: NodeJS.Signals): void {
    if (child?.pid === undefined) return;
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      child.kill(signal); // the group is gone
    }
  }
  const leave = (): void => signalGroup('SIGTERM');

  const readMessage = createLineReader(
    MAX_MESSAGE_BYTES,
    (line) => {
      if (line.trim() === '') return;
      let message: WireMessage;
      try {
        message = readJson(line) as unknown as WireMessage;
      } catch {
        wire.onlost?.({ kind: 'invalid', message: 'it sent a message that is not JSON' }, line);
        return remark(`Not a message on its standard output: ${line.slice(0, 200)}`);
      }
      if (typeof message !== 'object' || message?.jsonrpc !== '2.0') {
        wire.onlost?.({ kind: 'invalid', message: 'it sent a message that is not JSON-RPC' }, line);
        return remark(`Not JSON-RPC on its standard output: ${line.slice(0, 200)}`);
      }
      wire.onmessage?.(outstanding.received(message));
    },
    (head) => wire.onlost?.(tooLong, head),
  );
  const readStderr = createLineReader(
    MAX_STDERR_LINE_BYTES,
    (line) => {
      lastWords.add(line);
      server.onStderr?.(line);
    },
    () => undefined,
  );

  const wire: StdioWire = {
    get pid() {
      return child?.pid ?? null;
    },
    get stderr() {
      return child?.stderr ?? null;
    },
    get lastWords() {
      return lastWords.read();
    },
    get remark() {
      return remarked;
    },
    get ending() {
      return ending;
    },
    start() {
      const { command, args, cwd, env } = server;
      const detached = process.platform !== 'win32';
      const options = { cwd, detached, env: { ...getDefaultEnvironment(), ...env }, windowsHide: true };
      const started = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
      child = started;
      started.stdout.on('data', readMessage);
      started.stderr.on('data', readStderr);
      for (const stream of [started.stdin, started.stdout, started.stderr]) stream.on('error', () => undefined);
      endWithUs(leave);
      ended = new Promise((resolve) => {
        started.once('close', (code, signal) => {
          living.delete(leave);
          const [first] = lastWords.read();
          const said = first === undefined ? '' : `: ${first}`;
          ending = `it ${signal === null ? `ended with code ${code}` : `was ended by ${signal}`}${said}`;
          resolve();
          wire.onclose?.();
        });
      });
      return new Promise((resolve, reject) => {
        started.once('spawn', resolve);
        started.once('error', reject);
      });
    },
    send(message) {
      outstanding.sent(message);
      const stdin = child?.stdin;
      if (stdin === undefined || !stdin.writable) {
        return Promise.reject(Object.assign(new Error('The server has ended'), { code: 'EPIPE' }));
      }
      return new Promise((resolve, reject) => {
        stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      });
    },
    async close() {
      if (child?.pid === undefined || ending !== undefined) return;
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (await endsWithin(END_MS)) return;
        signalGroup(signal);
      }
      // A grandchild outside the group may hold the pipes open; the server itself is gone.
      if (!(await endsWithin(END_MS))) for (const stream of [child.stdout, child.stderr]) stream.destroy();
    },
  };

  async function endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const done = await Promise.race([ended.then(() => true), late]);
    clearTimeout(timer);
    return done;
  }

  return wire;
}
