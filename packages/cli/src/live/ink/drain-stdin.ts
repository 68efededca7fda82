import type { Clock } from '@mcp-tasks/client';

/** No key for so long, and the person has seen that the view is gone. */
const QUIET_MS = 250;
const MOST_MS = 1_000;
const CTRL_C = 0x03;

/**
 * Reads and drops what is typed while a view goes away: meant for the view, it would be the shell's. Ctrl-C ends it. The
 * terminal stays in raw mode meanwhile, so that none of it waits as a line.
 */
export function drainStdin(stdin: NodeJS.ReadStream, { schedule }: Pick<Clock, 'schedule'>): Promise<void> {
  if (stdin.destroyed || stdin.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    const timers = { quiet: schedule(QUIET_MS, finish), most: schedule(MOST_MS, finish) };

    function drop(chunk: Buffer | string): void {
      timers.quiet();
      if (Buffer.from(chunk).includes(CTRL_C)) finish();
      else timers.quiet = schedule(QUIET_MS, finish);
    }

    function finish(): void {
      timers.quiet();
      timers.most();
      stdin.off('data', drop);
      stdin.off('end', finish);
      stdin.off('error', finish);
      resolve();
    }

    // A terminal that is gone says so by an error, which would end the process.
    if (!stdin.listeners('error').includes(ignore)) stdin.on('error', ignore);
    stdin.once('error', finish);
    stdin.once('end', finish);
    stdin.on('data', drop);
    stdin.resume(); // it was paused after the form before
    stdin.ref();
  });
}

function ignore(): void {}
