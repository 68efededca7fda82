import { createTaskClient, type TaskClient, TaskError } from '@mcp-tasks/client';
import type { KeptClient } from '@mcp-tasks/client/keeper';
import { aborted } from '../aborted.ts';
import type { CommonFlags } from '../context.ts';
import { type JobsOfServer, jobsOf } from '../jobs/jobs-of.ts';
import { confirmTarget } from '../targets/confirm-target.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ConnectFlags, ResolvedTarget } from '../targets/resolved-target.ts';
import type { Session } from './session.ts';

export interface OpenClientOptions {
  /** Aborts connecting. */
  readonly signal?: AbortSignal | undefined;
  /** Allows prompts at this terminal for a sign-in or a confirmation. @default true */
  readonly mayAsk?: boolean;
  /** Receives messages about a reconnect or a killed keeper. Without it, lost connections are not reopened. */
  readonly onRestart?: ((text: string) => void) | undefined;
  /** Job mapping, see `jobsOf`. @default the jobs of the server */
  readonly jobs?: JobsOfServer['of'] | undefined;
}

/** Opens a client for the server's tasks: over the network, or through a keeper that outlives this process. */
export async function openClient(
  session: Session,
  resolved: ResolvedTarget,
  options: OpenClientOptions = {},
): Promise<TaskClient> {
  if (isUnderKeeper(resolved, session)) return openKeptClient(session, resolved, options);
  const { context, flags, store, owner } = session;
  const { openConnection } = await import('../targets/open-connection.ts'); // loads an SDK
  const connection = await openConnection(resolved, context, flags, options);
  return createTaskClient({ connection, store, owner, jobs: await jobsFor(resolved, session, options) });
}

/**
 * True for stdio servers; for the demo, which stores its tasks on disk, only with `--detach`. Unsaved records keep
 * their server in this process.
 */
function isUnderKeeper({ target, isDemo }: ResolvedTarget, { flags, unsaved }: Session<DetachFlags>): boolean {
  return target.kind === 'command' && (!isDemo || flags.detach === true) && unsaved() === undefined;
}

type DetachFlags = CommonFlags & { readonly detach?: boolean };

async function jobsFor(resolved: ResolvedTarget, { context, flags }: Session, options: OpenClientOptions) {
  return options.jobs ?? (await jobsOf(resolved, context, flags as ConnectFlags)).of;
}

/** True when a keeper continues the tasks after this process ends. */
export function isKept(client: Pick<TaskClient, 'close'>): client is KeptClient {
  return Object.hasOwn(client, 'keeper');
}

async function openKeptClient(
  session: Session,
  resolved: ResolvedTarget,
  options: OpenClientOptions,
): Promise<TaskClient> {
  const { context, flags } = session;
  const { mayAsk = true, signal = context.interrupt } = options;
  await confirmTarget(resolved, context, flags, { mayAsk });
  const { openUnderKeeper, restartOrJoin } = await import('../keeper/open-under-keeper.ts');
  const opening = openUnderKeeper(session, {
    identity: identifyTarget(resolved),
    jobs: await jobsFor(resolved, session, options),
    reach: restartOrJoin(resolved, context, (flags as ConnectFlags).allowProject),
    onRestart: options.onRestart,
  });
  let isOpen = false;
  const left = aborted(signal).then((): never => {
    if (!isOpen) opening.then((client) => client.close()).catch(() => undefined);
    throw new TaskError('aborted', 'Stopped while connecting; nothing was called');
  });
  left.catch(() => undefined); // closes once it is open
  const client = await Promise.race([opening, left]);
  isOpen = true;
  return client;
}
