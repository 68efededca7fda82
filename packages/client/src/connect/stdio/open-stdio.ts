import { existsSync } from 'node:fs';
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/client';
import { TaskError } from '../../errors.ts';
import type { Target } from '../../task/record.ts';
import type { ConnectOptions } from '../connect-port.ts';
import { type Connection, ConnectionFailure } from '../connection.ts';
import { identify } from '../identify.ts';
import { refusalOf, versionsOffered } from '../wire/handshake.ts';
import { codeOf } from '../wire/network-errors.ts';
import { createClient, declaredQuestions, LateError, PROBE_SHARE, within } from '../wire/open-client.ts';
import { overClient } from '../wire/over-client.ts';
import { createStdioWire, type StdioWire } from './stdio-wire.ts';

type Command = Extract<Target, { kind: 'command' }>;

interface Start {
  readonly mode: 'auto' | 'legacy';
  /** Protocol version to offer with `initialize`, one that the server named. */
  readonly offer?: string | undefined;
}

export async function openStdio(target: Command, options: ConnectOptions): Promise<Connection> {
  const identity = identify(target, options);
  const { timeoutMs = 30_000, signal, env, onStderr, hostTasks, answers, onDiscoverySilence } = options;
  const { command, args, cwd } = target;
  const startedAt = Date.now();
  const passedMs = (): number => Math.min(timeoutMs, Date.now() - startedAt);

  async function open({ mode, offer }: Start): Promise<Connection> {
    const wire = createStdioWire({ command, args, cwd, env, onStderr, onDiscoverySilence });
    const left = Math.max(1, timeoutMs - passedMs());
    const hosted = { answers, ...(hostTasks === undefined ? {} : { hostTasks }) };
    const client = createClient({ timeoutMs: left, probeMs: left * PROBE_SHARE, mode, offer, ...hosted });
    const transport = wire as unknown as Parameters<typeof client.connect>[0];
    try {
      await within(client.connect(transport, { timeout: left }), () => wire.close(), { timeoutMs: left, signal });
    } catch (error) {
      const refusal = refusalOf(error);
      const named = versionsOffered(refusal);
      const other = SUPPORTED_PROTOCOL_VERSIONS.find((version) => named.includes(version));
      if (other !== undefined && offer === undefined) {
        await wire.close();
        return open({ mode: 'legacy', offer: other });
      }
      // Some servers exit on any request before `initialize`, `server/discover` included.
      const isEnded = wire.ending !== undefined && !(error instanceof LateError) && refusal === undefined;
      if (mode === 'auto' && isEnded) return open({ mode: 'legacy' });
      throw asTaskError(error, target, wire, passedMs());
    }
    return overClient(
      client,
      { identity, hostTasks: hostTasks !== undefined },
      { asked: declaredQuestions(hostTasks), isSharedPipe: true },
    );
  }
  return open({ mode: options.skipDiscovery === true ? 'legacy' : 'auto' });
}

function asTaskError(error: unknown, target: Command, wire: StdioWire, passedMs: number): TaskError {
  const { command, cwd } = target;
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'EACCES') {
    if (cwd !== undefined && !existsSync(cwd)) {
      return new TaskError('target-not-found', `The directory ${cwd}, in which ${command} should run, does not exist`, {
        cause: error,
      });
    }
    const what = code === 'ENOENT' ? 'was not found' : 'may not be executed';
    const hint = 'Check the spelling, the PATH, or give the whole path.';
    return new TaskError('target-not-found', `The command ${command} ${what}`, { hint, cause: error });
  }
  if (error instanceof LateError && error.reason === 'aborted') {
    return new TaskError('aborted', `Starting ${command} was aborted`);
  }
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refused(command, refusal, error);
  const [first, ...more] = wire.stderrTail;
  const further = more.length === 0 ? '' : `\n${more.join('\n')}`;
  if (wire.ending !== undefined && !(error instanceof LateError)) {
    const hint = further === '' ? (wire.remark ?? 'Run the command alone to see why.') : `It also said:${further}`;
    return new TaskError('unreachable', `${command} did not start a server, ${wire.ending}`, { hint, cause: error });
  }
  const firstLine = first === undefined ? '' : `: ${first}`;
  const message = `${command} did not answer within ${Math.round(passedMs / 100) / 10} s${firstLine}`;
  const remark = wire.remark === undefined ? '' : `\n${wire.remark}`;
  const hint = `Does it speak MCP on its standard input and output?${further}${remark}`;
  return new TaskError('unreachable', message, { hint, cause: error });
}

function refused(command: string, failure: ConnectionFailure['failure'], thrown: unknown): TaskError {
  const cause = new ConnectionFailure(failure, thrown);
  if (failure.kind !== 'rpc') {
    return new TaskError('invalid-response', `${command} ${failure.message.replace(/^it /, '')}`, { cause });
  }
  const code = failure.code === null ? '' : ` (${failure.code})`;
  return new TaskError('rpc-error', `${command} refused the connection: ${failure.message}${code}`, { cause });
}
