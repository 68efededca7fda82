import type { Target } from '../core/record.ts';
import { TaskError } from '../errors.ts';
import type { ConnectOptions } from '../ports/connect.ts';
import type { Connection } from '../ports/connection.ts';
import type { SignInOptions } from './sign-in-options.ts';

export { identify } from './identify.ts';
export type { SignInOptions } from './sign-in-options.ts';

/**
 * Connects to a server over Streamable HTTP or stdio, under the newest revision both speak.
 * @throws {TaskError} `target-not-found`, `unreachable`, `auth-required`, `invalid-response`, `timed-out`, `aborted`
 */
export async function connect(target: Target, options: ConnectOptions & SignInOptions = {}): Promise<Connection> {
  switch (target.kind) {
    case 'url':
      return (await import('./wire/open-http.ts')).openHttp(target.url, options);
    case 'command':
      return (await import('./wire/open-stdio.ts')).openStdio(target, options);
    case 'host':
      throw new TaskError('unsupported', `Only the program that connected ${target.name} can reach it again`);
  }
}
