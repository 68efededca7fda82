import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import type { Context, LeaveWish, ParentLink } from './context.ts';
import { processClock } from './process-clock.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
const argv = process.argv.slice(2);
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

// EPIPE means that the reader (`| head`) has exited: no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => endProcess(error.code === 'EPIPE' ? 0 : 1));
process.stderr.on('error', () => undefined);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else await main();

async function main(): Promise<void> {
  // Hide the SDKs' warnings: they address programmers.
  if (!argv.includes('--verbose')) console.warn = () => undefined;
  const { runProgram } = await import('./program.ts');
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
  let guard: { readonly ask: () => Promise<LeaveWish>; isAsking?: true } | undefined;
  const leaveOrAsk = async (): Promise<void> => {
    if (guard === undefined || guard.isAsking === true) return leave();
    const asked = guard;
    asked.isAsking = true;
    const wish = await asked.ask().catch((): LeaveWish => 'leave');
    delete asked.isAsking;
    if (wish === 'leave' && !interrupt.signal.aborted) leave();
  };
  process.on('SIGINT', () => void leaveOrAsk());
  process.on('SIGTERM', leave);
  // A keeper outlives the terminal that started it.
  if (process.send !== undefined) process.on('SIGHUP', () => undefined);
  const context: Context = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    homeDirectory: homedir(),
    platform: process.platform,
    execPath: process.execPath,
    binPath: fileURLToPath(new URL('../../bin/mcp-tasks.js', import.meta.url)),
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
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  endProcess(code);
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
