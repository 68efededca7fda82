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

// A reader that left early (`| head`) is no trouble of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => endProcess(error.code === 'EPIPE' ? 0 : 1));
process.stderr.on('error', () => undefined);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else await main();

async function main(): Promise<void> {
  // Advice of the SDKs to programmers is none to the person who runs a command.
  if (!argv.includes('--verbose')) console.warn = () => undefined;
  const { runProgram } = await import('./program.ts');
  const interrupt = new AbortController();
  const leave = (): void => {
    if (interrupt.signal.aborted) endProcess(130);
    interrupt.abort();
    endSoon();
  };
  // Whatever still hangs after nine tenths of a second: the records are on disk, and the person wants the prompt back.
  // In turns of ours, and not by the clock alone: a machine that is too busy to run us would cut off our last words.
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
  // A keeper outlives the terminal it was started from.
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
  // On its way out Node.js gives the terminal its modes back, and aborts where the terminal is gone.
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
