import { aborted } from '../aborted.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { quoteCommand } from '../display/quote-command.ts';
import { stateDirectory } from '../state-directory.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { createBridgeCache } from './bridge-cache.ts';
import type { Notify } from './front.ts';
import { openHttpPlace } from './http-place.ts';
import { type BridgeOptions, openBridge } from './open-bridge.ts';
import { type HttpFront, serveBridgeHttp } from './serve-http.ts';
import { readKnownServer } from './server-description.ts';

export interface HttpOptions {
  /** @default the last port, else a free one */
  readonly port: number | undefined;
  /** Bearer token of the hosts. @default generated once and saved in a file */
  readonly token: string | undefined;
}

/** Serves hosts over HTTP on loopback until it is interrupted. */
export async function runHttpFront(
  resolved: ResolvedTarget,
  options: BridgeOptions,
  { port, token }: HttpOptions,
  context: Context,
): Promise<void> {
  let front: HttpFront | undefined;
  const notify: Notify = (method, params) => front?.notify(method, params);
  const description = await readKnownServer(
    createBridgeCache(stateDirectory(context), identifyTarget(resolved).fingerprint),
    notify,
  );
  const bridge = await openBridge(resolved, options, context, { description, notify });
  try {
    const place = openHttpPlace(stateDirectory(context), identifyTarget(resolved).fingerprint, port);
    const wanted = place.port;
    front = await serveBridgeHttp(bridge, {
      port: wanted,
      token: token ?? place.token,
      sessions: place.sessions,
    }).catch((error: unknown) => {
      throw explained(error, wanted);
    });
    place.keepPort(front.port);
    bridge.file.listensAt(front.url);
    context.stdout.write(`${front.url}\n`);
    context.stderr.write(
      token === undefined
        ? `Hosts send "Authorization: Bearer TOKEN". The token is in ${quoteCommand([place.tokenFile])}\n`
        : 'Hosts send "Authorization: Bearer TOKEN" with the token of that variable.\n',
    );
    await aborted(context.interrupt);
    await front.stop();
  } finally {
    await bridge.close();
  }
}

function explained(error: unknown, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new CliError(
        'port-taken',
        `Port ${port} is taken: this bridge may be running already`,
        'Hosts know this port. End the other program, or choose another port: --http PORT',
      );
    case 'EACCES':
      return new CliError(
        'port-refused',
        `This user may not listen on port ${port}`,
        'Choose a higher one: --http PORT',
      );
    default:
      return error;
  }
}
