import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { getDefaultEnvironment } from '@modelcontextprotocol/client/stdio';

/** Timeout of each step that ends a server, in ms. */
const END_MS = 500;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A server that runs as a child process. */
export interface ServerProcess {
  readonly child: Child;
  /** Rejects if the server could not be started. */
  readonly spawned: Promise<void>;
  /** Closes the server's input, then signals its group. Resolves when it ended, or after SIGKILL. */
  close(): Promise<void>;
}

const running = new Set<() => void>();

/** Ends the servers' process groups at exit; otherwise a group outlives this process. */
function endAtExit(terminate: () => void): void {
  if (running.size === 0) process.off('exit', endAll).once('exit', endAll);
  running.add(terminate);
}

function endAll(): void {
  for (const terminate of running) terminate();
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // the group is gone
  }
}

/**
 * Starts a server as a child in its own process group: Ctrl-C in the terminal does not reach it, and its own children
 * end with it. `onEnd` gets a description of how it ended.
 */
export function startServerProcess(
  { command, args, cwd, env }: ServerCommand,
  onEnd: (how: string) => void,
): ServerProcess {
  const detached = process.platform !== 'win32';
  const options = { cwd, detached, env: { ...getDefaultEnvironment(), ...env }, windowsHide: true };
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const pipes = [child.stdin, child.stdout, child.stderr];
  const terminate = (): void => signalGroup(child, 'SIGTERM');
  let isEnded = false;
  for (const pipe of pipes) pipe.on('error', () => undefined);
  endAtExit(terminate);
  const ended = new Promise<true>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(terminate);
      isEnded = true;
      resolve(true);
      onEnd(`it ${signal === null ? `ended with code ${code}` : `was ended by ${signal}`}`);
    });
  });
  const spawned = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    child,
    spawned,
    async close() {
      if (child.pid === undefined || isEnded) return;
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (await isDoneWithin(ended, END_MS)) return;
        signalGroup(child, signal);
      }
      // A grandchild outside the group may hold the pipes open; the server itself is gone.
      if (!(await isDoneWithin(ended, END_MS))) for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    },
  };
}

async function isDoneWithin(done: Promise<true>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
