import type { JsonObject } from '@mcp-tasks/client';
import { type KeeperLine, keeperPlace, reachKeeper } from '@mcp-tasks/client/keeper';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { KeepReply, KeepRequest } from '../keeper/keep-server-message.ts';
import { startBackground } from '../keeper/start-background.ts';
import { stateDirectory } from '../state-directory.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

export interface ReachServerOptions {
  readonly onNotification?: (method: string, params: JsonObject) => void;
  /** A record has changed, by its local id. */
  readonly onChanged?: (id: string) => void;
}

/** The keeper of this server: the one that runs, or one that is started now. @throws {CliError} why it did not start */
export async function reachServer(
  resolved: ResolvedTarget,
  context: Context,
  options: ReachServerOptions = {},
): Promise<KeeperLine> {
  const { fingerprint } = identifyTarget(resolved);
  const secrets = [resolved.headers, resolved.env, resolved.client ?? null];
  const place = await keeperPlace({ directory: stateDirectory(context), fingerprint, secrets });
  const running = await reachKeeper({ path: place.path, ...options });
  if (running !== undefined) return running;
  await startKeeper({ resolved: { ...resolved, origin: undefined }, place }, context);
  const started = await reachKeeper({ path: place.path, ...options });
  if (started !== undefined) return started;
  throw new CliError('keeper-failed', 'The background process ended at once', 'Try again with --verbose.');
}

/** Two fronts may start one at the same instant: the second keeper finds the first and ends, and both fronts use that. */
async function startKeeper(request: KeepRequest, context: Context): Promise<void> {
  const started = startBackground<KeepReply>('__keep', request, 'keeper-failed', context);
  const reply = await started.reply;
  started.release();
  if (reply.kind === 'keeps') return;
  const { code, message, hint } = reply.report;
  throw new CliError(code, message, hint ?? undefined);
}
