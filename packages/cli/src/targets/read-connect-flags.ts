import { own } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { ConnectFlags, OAuthClient } from './resolved-target.ts';

export function readHeaders(flags: ConnectFlags, context: Context): Readonly<Record<string, string>> {
  const headers = Object.fromEntries(
    (flags.header ?? []).map((line) => {
      const match = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line);
      if (match?.[1] === undefined) throw new CliError('usage', `"${line}" is not a header`, "Write -H 'Name: value'.");
      return [match[1], match[2] ?? ''];
    }),
  );
  if (flags.tokenEnv === undefined) return headers;
  const token = readSecret(flags.tokenEnv, 'the token', context);
  return { ...headers, Authorization: `Bearer ${token}` };
}

export function readClient(flags: ConnectFlags, context: Context): OAuthClient | undefined {
  const { clientId, clientSecretEnv, issuer, signIn = false, callbackPort } = flags;
  if (clientId !== undefined) {
    const secret = clientSecretEnv === undefined ? undefined : readSecret(clientSecretEnv, 'the secret', context);
    return {
      id: clientId,
      secret,
      issuer,
      isForPerson: signIn || secret === undefined,
      callbackPort: callbackPort === undefined ? undefined : readPort(callbackPort),
    };
  }
  const others = { '--client-secret-env': clientSecretEnv, '--issuer': issuer, '--callback-port': callbackPort };
  const [orphan] =
    Object.entries({ ...others, '--sign-in': signIn || undefined }).find(([, value]) => value !== undefined) ?? [];
  if (orphan === undefined) return undefined;
  throw new CliError('usage', `${orphan} needs --client-id`, 'Add --client-id ID.');
}

export function readEnv(flags: ConnectFlags): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (flags.env ?? []).map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) throw new CliError('usage', `"${pair}" is not a variable`, 'Write --env NAME=value.');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/**
 * Reads a secret from the environment, since other users can read a command line.
 *
 * @throws {CliError} when the variable is not set
 */
export function readSecret(name: string, what: string, context: Context): string {
  const secret = own(context.env, name);
  if (!secret) throw new CliError('variable-not-set', `${name} is not set`, `It should hold ${what}.`);
  return secret;
}

function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new CliError('usage', `"${text}" is not a port`, 'Write --callback-port 8976.');
}
