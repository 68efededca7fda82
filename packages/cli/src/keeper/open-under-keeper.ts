import type { ServerIdentity, TaskClientOptions } from '@mcp-tasks/client';
import {
  createKeptClient,
  type KeeperLine,
  type KeeperListeners,
  type KeeperNotice,
  type KeptClient,
} from '@mcp-tasks/client/keeper';
import type { Context } from '../context.ts';
import { safeText } from '../display/safe-text.ts';
import type { Session } from '../session/session.ts';
import { restartText } from '../targets/record-connection.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { deathNotice, listKeepers } from './list-keepers.ts';
import { reachServer } from './reach-server.ts';

export interface UnderKeeperOptions {
  readonly identity: ServerIdentity;
  readonly jobs?: TaskClientOptions['jobs'];
  readonly reach: (listeners: KeeperListeners) => Promise<KeeperLine>;
  /** Called with a notice when the server restarts or a keeper was killed. */
  readonly onRestart?: ((text: string) => void) | undefined;
}

/** The keeper of this server; starts one when there is none. A server that dies is restarted once. */
export function restartOrJoin(
  resolved: ResolvedTarget,
  context: Context,
  allowProject?: boolean,
): UnderKeeperOptions['reach'] {
  return (listeners) => reachServer(resolved, context, { restart: 'once', allowProject, ...listeners });
}

/** A task client that works through the server's keeper, for this terminal. */
export async function openUnderKeeper(session: Session, options: UnderKeeperOptions): Promise<KeptClient> {
  const { context, flags, store, owner } = session;
  const { identity, jobs, reach, onRestart } = options;

  function onNotice(notice: KeeperNotice): void {
    if (notice.kind === 'restarted') onRestart?.(restartText(identity.label, notice.reason));
    if (notice.kind === 'said' && flags.verbose === true) context.stderr.write(`${safeText(notice.line)}\n`);
  }

  /** Reports killed keepers: their servers have ended too. */
  async function reportDead(): Promise<void> {
    const { dead } = await listKeepers(store, context, identity.fingerprint);
    for (const keeper of dead) for (const line of deathNotice(keeper, context.now())) onRestart?.(line);
  }

  if (onRestart !== undefined) await reportDead();
  const killed = onRestart === undefined ? {} : { onKilled: reportDead };
  return createKeptClient({ reach, identity, store, owner, jobs, onNotice, ...killed });
}
