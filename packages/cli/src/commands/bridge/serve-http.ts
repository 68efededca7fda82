import { MIN_TOKEN } from '../../bridge/http-place.ts';
import type { BridgeOptions } from '../../bridge/open-bridge.ts';
import { runHttpFront } from '../../bridge/run-bridge-http.ts';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { readSecret } from '../../targets/read-connect-flags.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

export interface HttpFlags {
  /** Serves over HTTP on this port. */
  readonly http?: string | true;
  /** Environment variable with the token that hosts must send. */
  readonly httpTokenEnv?: string;
}

/** Serves hosts over HTTP, with the port and the token of the flags. */
export async function serveHttp(
  resolved: ResolvedTarget,
  options: BridgeOptions,
  { http, httpTokenEnv }: HttpFlags,
  context: Context,
): Promise<void> {
  const token = httpTokenEnv === undefined ? undefined : readSecret(httpTokenEnv, 'the token', context);
  if (token !== undefined && token.length < MIN_TOKEN) {
    throw new CliError('usage', `A token of ${token.length} characters can be guessed`, `Use ${MIN_TOKEN} or more.`);
  }
  await runHttpFront(
    resolved,
    options,
    { port: typeof http === 'string' ? readPort(http) : undefined, token },
    context,
  );
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CliError('usage', `--http takes a port from 0 to 65535, not "${text}"`);
}
