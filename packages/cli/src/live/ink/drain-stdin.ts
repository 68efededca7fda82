import type { Clock } from '@mcp-tasks/client';

/** Time without a key after which the drain ends, in ms. */
const QUIET_MS = 250;
const MAX_MS = 1_000;
const CTRL_C = 0x03;

/**
 * Drops keys typed while a view closes, which the shell would otherwise read. Ctrl-C ends the drain. The terminal stays
 * in raw mode, so that no key remains in the line buffer.
 */
export function drainStdin(stdin: NodeJS.ReadStream, { schedule }: Pick<Clock, 'schedule'>): Promise<void> {
  if (stdin.destroyed || stdin.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    const timers = { quiet: schedule(QUIET_MS, endUnlessKey), max: schedule(MAX_MS, () => void setImmediate(finish)) };

    function drop(chunk: Buffer | string): void {
      timers.quiet();
      if (Buffer.from(chunk).includes(CTRL_C)) finish();
      else timers.quiet = schedule(QUIET_MS, endUnlessKey);
    }

    // After a stall the timers run before the terminal is read; an immediate runs after the read.
    function endUnlessKey(): void {
      const end = setImmediate(finish);
      timers.quiet = () => clearImmediate(end);
    }

    function finish(): void {
      timers.quiet();
      timers.max();
      stdin.off('data', drop);
      stdin.off('end', finish);
      stdin.off('error', finish);
      resolve();
    }

    // A closed terminal emits an error event, which would end the process.
    if (!stdin.listeners('error').includes(ignore)) stdin.on('error', ignore);
    stdin.once('error', finish);
    stdin.once('end', finish);
    stdin.on('data', drop);
    stdin.resume(); // the previous form paused it
    stdin.ref();
  });
}

function ignore(): void {}
