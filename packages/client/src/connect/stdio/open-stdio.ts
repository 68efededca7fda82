import { existsSync } from 'node:fs';
import { TaskError } from '../../errors.ts';
import type { Target } from '../../task/record.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { Connection } from '../connection.ts';
import { identify } from '../identify.ts';
import { codeOf } from '../wire/network-words.ts';
import { createClient, LateError, within } from '../wire/open-client.ts';
import { overClient } from '../wire/over-client.ts';
import { createStdioWire, type StdioWire } from './stdio-wire.ts';

type Command = Extract<Target, { kind: 'command' }>;

export async function openStdio(target: Command, options: ConnectOptions): Promise<Connection> {
  const identity = identify(target, options);
  const { timeoutMs = 30_000, signal, env, onStderr, hostTasks } = options;
  const { command, args, cwd } = target;
  const deadline = Date.now() + timeoutMs;

  async function open(mode: 'auto' | 'legacy'): Promise<Connection> {
    const wire = createStdioWire({ command, args, cwd, env, onStderr });
    const left = Math.max(1, deadline - Date.now());
    const client = createClient({ timeoutMs: left, mode, ...(hostTasks === undefined ? {} : { hostTasks }) });
    const transport = wire as unknown as Parameters<typeof client.connect>[0];
    try {
      await within(client.connect(transport, { timeout: left }), () => wire.close(), { timeoutMs: left, signal });
    } catch (error) {
      // Some servers end at any request before `initialize`, the question for newer revisions among them.
      if (mode === 'auto' && wire.ending !== undefined && !(error instanceof LateError)) return open('legacy');
      throw asTaskError(error, target, wire, timeoutMs);
    }
    return overClient(client, { identity, hostTasks: hostTasks !== undefined }, {});
  }
  return open('auto');
}

function asTaskError(error: unknown, target: Command, wire: StdioWire, timeoutMs: number): TaskError {
  const { command, cwd } = target;
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'EACCES') {
    if (cwd !== undefined && !existsSync(cwd)) {
      return new TaskError('target-not-found', `There is no directory ${cwd} to run ${command} in`, { cause: error });
    }
    const what = code === 'ENOENT' ? 'was not found' : 'may not be run';
    const hint = 'Check the spelling, the PATH, or give the whole path.';
    return new TaskError('target-not-found', `The command ${command} ${what}`, { hint, cause: error });
  }
  if (error instanceof LateError && error.reason === 'aborted') {
    return new TaskError('aborted', `Starting ${command} was given up`);
  }
  if (wire.ending !== undefined && !(error instanceof LateError)) {
    return new TaskError('unreachable', `${command} did not start a server, ${wire.ending}`, { cause: error });
  }
  const said = wire.lastStderrLine === undefined ? '' : `: ${wire.lastStderrLine.trim().slice(0, 300)}`;
  const message = `${command} did not answer within ${timeoutMs / 1000} s${said}`;
  const hint = 'Does it speak MCP on its standard input and output?';
  return new TaskError('timed-out', message, { hint, cause: error });
}
