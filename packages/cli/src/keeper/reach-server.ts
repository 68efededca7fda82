import {
  type KeeperLine,
  type KeeperPlace,
  keeperPlace,
  type ReachOptions,
  reachKeeper,
} from '@mcp-tasks/client/keeper';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import type { KeepReply, KeepRequest } from './keep-server-message.ts';
import { startBackground } from './start-background.ts';

export interface ReachServerOptions extends Omit<ReachOptions, 'path'> {
  /** Restart policy of a new keeper. */
  readonly restart: KeepRequest['restart'];
  /** Lets a new keeper use a project's job mappings without a confirmation. */
  readonly allowProject?: boolean | undefined;
  /** Capabilities that a new keeper declares to the server. */
  readonly declares?: KeepRequest['answers'];
}

/** The running keeper of this server, or a new one. @throws {CliError} when it cannot start */
export async function reachServer(
  resolved: ResolvedTarget,
  context: Context,
  { restart, allowProject, declares, ...options }: ReachServerOptions,
): Promise<KeeperLine> {
  const place = await placeOf(resolved, context);
  const running = await reachKeeper({ ...options, path: place.path });
  if (running !== undefined) return running;
  await startKeeper(
    { resolved: { ...resolved, origin: undefined }, place, restart, allowProject, answers: declares },
    context,
  );
  const started = await reachKeeper({ ...options, path: place.path });
  if (started !== undefined) return started;
  throw new CliError('keeper-failed', 'The background process ended at once', 'Try again with --verbose.');
}

/** A command without `cwd` runs in the current directory, and gets a keeper for each directory. */
function placeOf(resolved: ResolvedTarget, context: Context): Promise<KeeperPlace> {
  const { fingerprint } = identifyTarget(resolved);
  const { target, headers, env, client } = resolved;
  const cwd = target.kind === 'command' ? (target.cwd ?? context.cwd) : null;
  return keeperPlace({
    directory: stateDirectory(context),
    fingerprint,
    secrets: [headers, env, client ?? null, cwd],
  });
}

/** If two processes start a keeper at once, the second keeper finds the first and exits: both use the first. */
async function startKeeper(request: KeepRequest, context: Context): Promise<void> {
  const started = startBackground<KeepReply>('__keep', request, 'keeper-failed', context);
  const reply = await started.reply;
  started.release();
  if (reply.kind === 'keeps') return;
  const { code, message, hint } = reply.report;
  throw new CliError(code, message, hint ?? undefined);
}
