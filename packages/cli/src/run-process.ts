import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import type { Context, LeaveChoice, ParentLink } from './context.ts';
import { processClock } from './process-clock.ts';
import { runProgram } from './program.ts';

const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

/** Runs one command in this process, and ends it with the command's exit code. */
export async function runProcess(argv: readonly string[], version: string, binPath: string): Promise<void> {
  // Hide the SDKs' warnings: they address programmers.
  if (!argv.includes('--verbose')) console.warn = () => undefined;
  const interrupt = new AbortController();
  const leave = (): void => {
    if (interrupt.signal.aborted) endProcess(130);
    interrupt.abort();
    endSoon();
  };
  // Exit 0.9 s after Ctrl-C even if work hangs: records are saved. Nine timers of 100 ms, because one timer on a busy
  // machine could cut off the last lines.
  const endSoon = (turns = 9): void =>
    void setTimeout(() => (turns === 1 ? endProcess(130) : endSoon(turns - 1)), 100).unref();
  let guard: { readonly ask: () => Promise<LeaveChoice>; isAsking?: true } | undefined;
  const leaveOrAsk = async (): Promise<void> => {
    if (guard === undefined || guard.isAsking === true) return leave();
    const asked = guard;
    asked.isAsking = true;
    const choice = await asked.ask().catch((): LeaveChoice => 'leave');
    delete asked.isAsking;
    if (choice === 'leave' && !interrupt.signal.aborted) leave();
  };
  process.on('SIGINT', () => void leaveOrAsk());
  process.on('SIGTERM', leave);
  // A keeper outlives the terminal that started it.
  if (process.send !== undefined) process.on('SIGHUP', () => undefined);
  const context: Context = {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return standardStream('stdout');
    },
    get stderr() {
      return standardStream('stderr');
    },
    env: process.env,
    cwd: process.cwd(),
    homeDirectory: homedir(),
    platform: process.platform,
    execPath: process.execPath,
    binPath,
    version,
    pid: process.pid,
    now: Date.now,
    clock: processClock,
    interrupt: interrupt.signal,
    guardInterrupt(ask) {
      const before = guard;
      const mine = { ask };
      guard = mine;
      return () => {
        if (guard === mine) guard = before;
      };
    },
    endSoon,
    ...(process.send === undefined ? {} : { parent: parentLink() }),
  };
  const code = await runProgram(argv, context);
  await Promise.all([...opened].map((name) => flushed(process[name])));
  endProcess(code);
}

type Output = 'stdout' | 'stderr';

const opened = new Set<Output>();

/** Node.js takes long to open a stream: one that a command does not write to stays closed. */
function standardStream(name: Output): NodeJS.WriteStream {
  const stream = process[name];
  if (opened.has(name)) return stream;
  opened.add(name);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EPIPE means that the reader (`| head`) has exited: no error.
    if (name === 'stdout') endProcess(error.code === 'EPIPE' ? 0 : 1);
  });
  return stream;
}

function endProcess(code: number): void {
  if (terminals.every((descriptor) => isatty(descriptor))) process.exit(code);
  // Node.js restores terminal modes on exit and aborts if the terminal is gone.
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

function parentLink(): ParentLink {
  return {
    receive: () => new Promise((resolve) => process.once('message', resolve)),
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    disconnect: () => {
      if (process.connected) process.disconnect();
    },
  };
}
