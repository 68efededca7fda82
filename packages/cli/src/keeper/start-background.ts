import { type ChildProcess, spawn } from 'node:child_process';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** A process of ours that outlives this one. */
export interface Background<Reply> {
  readonly pid: number | undefined;
  /** Its first message. @throws {CliError} with the code that was given, when it ends without one */
  readonly reply: Promise<Reply>;
  /** Lets it go on alone. */
  release(): void;
}

/** Starts a hidden command of ours. What it is asked travels over the line to it: no secret stands in a command line. */
export function startBackground<Reply>(
  command: '__keep',
  request: object,
  errorCode: string,
  context: Context,
): Background<Reply> {
  const child = spawn(context.execPath, [context.binPath, command], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    cwd: context.cwd,
    env: context.env,
  });
  child.send(request);
  return {
    pid: child.pid,
    reply: replyOf<Reply>(child, errorCode),
    release() {
      if (child.connected) child.disconnect();
      child.unref();
    },
  };
}

function replyOf<Reply>(child: ChildProcess, errorCode: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Reply));
    child.once('error', (error) => reject(new CliError(errorCode, `No background process: ${error.message}`)));
    child.once('exit', (code) => reject(new CliError(errorCode, `The background process ended with ${code}`)));
  });
}
