import { type ChildProcess, spawn } from 'node:child_process';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** A process of ours that outlives this one. */
export interface Background<Reply> {
  readonly pid: number | undefined;
  /** Its first message. @throws {CliError} with the given code, when it exits without a message */
  readonly reply: Promise<Reply>;
  /** Detaches the process. */
  release(): void;
}

/** Starts a hidden command. The request is sent by IPC: a command line must not contain secrets. */
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
    child.once('error', (error) =>
      reject(new CliError(errorCode, `No background process could be started: ${error.message}`)),
    );
    child.once('exit', (code) =>
      reject(new CliError(errorCode, `The background process ended with ${code}`, 'Try again with --verbose.')),
    );
  });
}
