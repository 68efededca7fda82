import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../packages/cli/bin/mcp-tasks.js', import.meta.url));

export interface ServerProcess {
  /** URL of the server; `undefined` while it is down. */
  readonly url: URL | undefined;
  start(): Promise<void>;
  /** Kills it with -9. */
  kill(): Promise<void>;
}

export interface DemoSettings {
  readonly revision: string;
  readonly storeDirectory: string;
  readonly speed: number;
}

export function demoArguments({ revision, storeDirectory, speed }: DemoSettings): readonly string[] {
  return [CLI, 'demo', '--revision', revision, '--store', storeDirectory, '--speed', String(speed)];
}

/** A server in its own process that prints its URL as JSON. Its tasks are on disk and outlive it. */
export function createServerProcess(args: readonly string[]): ServerProcess {
  let child: ChildProcess | undefined;
  let url: URL | undefined;
  return {
    get url() {
      return url;
    },
    async start() {
      const started = spawn(process.execPath, args, {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      child = started;
      started.once('exit', () => {
        if (child !== started) return;
        child = undefined;
        url = undefined;
      });
      const lines = createInterface({ input: started.stdout as NodeJS.ReadableStream });
      url = await new Promise<URL>((resolve, reject) => {
        let text = '';
        lines.on('line', (line) => {
          text += line;
          const found = /"url":\s*"([^"]+)"/.exec(text);
          if (found?.[1] !== undefined) resolve(new URL(found[1]));
        });
        started.once('exit', (code, signal) => reject(new Error(`The server ended with ${code ?? signal}`)));
      });
    },
    async kill() {
      const running = child;
      if (running === undefined) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await ended;
    },
  };
}

export function isAlive(pid: number): boolean {
  return endProcess(pid, 0);
}

/** Returns whether the process existed. */
export function endProcess(pid: number, signal: NodeJS.Signals | 0 = 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
