import { TaskError } from '../errors.ts';
import type { Target } from '../task/record.ts';
import type { AgentFinding } from './a2a/examine-agent.ts';
import type { SignInOptions } from './auth/sign-in-options.ts';
import type { ConnectOptions } from './connect-port.ts';
import type { Connection } from './connection.ts';

export type { AgentFinding } from './a2a/examine-agent.ts';
export type { SignInOptions } from './auth/sign-in-options.ts';
export { type ConnectionView, viewOf } from './connection-view.ts';
export { identify } from './identify.ts';
export { loadDialect } from './load-dialect.ts';
export { createRelay } from './relay.ts';
export type { Relay, RelayOptions } from './relay-api.ts';
export type { RelayState } from './relay-state.ts';

/**
 * True if this address, or a path below it, has the card of an A2A agent. Sends no credentials.
 * @param options `fetch` and `signal` as for `connect`
 */
export async function isAgent(url: string, options: Pick<ConnectOptions, 'fetch' | 'signal'> = {}): Promise<boolean> {
  return (await import('./a2a/is-agent.ts')).isAgent(url, options);
}

/**
 * Checks the card of a connected A2A agent: interfaces, addresses, and the agent's actual version. Starts no task.
 * @throws {ConnectionFailure}
 */
export async function examineAgent(connection: Connection, signal?: AbortSignal): Promise<readonly AgentFinding[]> {
  return (await import('./a2a/examine-agent.ts')).examineAgent(connection, signal);
}

/**
 * Connects to a server over Streamable HTTP or stdio, with the newest revision both support; or to an A2A agent if the
 * target's `protocol` is `a2a`.
 * @throws {TaskError} `target-not-found`, `unreachable`, `auth-required`, `invalid-response`, `rpc-error`, `aborted`
 */
export async function connect(target: Target, options: ConnectOptions & SignInOptions = {}): Promise<Connection> {
  switch (target.kind) {
    case 'url':
      if (target.protocol === 'a2a') return (await import('./a2a/open-a2a.ts')).openA2a(target.url, options);
      return (await import('./http/open-http.ts')).openHttp(target.url, options);
    case 'command':
      return (await import('./stdio/open-stdio.ts')).openStdio(target, options);
    case 'host':
      throw new TaskError('unsupported', `Only the program that connected ${target.name} can reach it again`);
    default:
      throw new TypeError("connect needs { kind: 'url', url } or { kind: 'command', command, args }");
  }
}
