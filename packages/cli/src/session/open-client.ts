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
  /** Gives the connecting up. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a person at this terminal may be asked to sign in, or to confirm. @default true */
  readonly mayAsk?: boolean;
  /** Told of trouble with the server that is got over by itself, and of a keeper that was killed. Without it none is got over. */
  readonly onRestart?: ((text: string) => void) | undefined;
  /** As `jobsOf` says. @default the jobs of the server */
  readonly jobs?: JobsOfServer['of'] | undefined;
}

/** The tasks of a server, called from here: over the network, or under a keeper, which goes on when this process ends. */
export async function openClient(
  session: Session,
  resolved: ResolvedTarget,
  options: OpenClientOptions = {},
): Promise<TaskClient> {
  if (isUnderKeeper(resolved, session)) return openKeptClient(session, resolved, options);
  const { context, flags, store, owner } = session;
  const { openConnection } = await import('../targets/open-connection.ts'); // with it comes an SDK
  const connection = await openConnection(resolved, context, flags, options);
  return createTaskClient({ connection, store, owner, jobs: await jobsFor(resolved, session, options) });
}

/**
 * Every server over stdio; of the demo, which keeps its tasks on disk, only detached calls. What cannot be saved is in
 * the memory of this process alone, and so is its server.
 */
function isUnderKeeper({ target, isDemo }: ResolvedTarget, { flags, unsaved }: Session<DetachFlags>): boolean {
  return target.kind === 'command' && (!isDemo || flags.detach === true) && unsaved() === undefined;
}

type DetachFlags = CommonFlags & { readonly detach?: boolean };

async function jobsFor(resolved: ResolvedTarget, { context, flags }: Session, options: OpenClientOptions) {
  return options.jobs ?? (await jobsOf(resolved, context, flags as ConnectFlags)).of;
}

/** Whether the tasks go on without this process. */
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
    throw new TaskError('aborted', 'Left while connecting; nothing was called');
  });
  left.catch(() => undefined); // once it is open
  const client = await Promise.race([opening, left]);
  isOpen = true;
  return client;
}
