import type { KeeperLine } from '@mcp-tasks/client/keeper';
import type { Context } from '../context.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { type ReachServerOptions, reachServer } from './reach-server.ts';

/** The line to the keeper of a server, opened when it is needed first. */
export interface ServerLine {
  /** The keeper, started anew when it has ended. */
  readonly keeper: () => Promise<KeeperLine>;
  close(): Promise<void>;
}

export function createServerLine(
  resolved: ResolvedTarget,
  context: Context,
  onNotification: NonNullable<ReachServerOptions['onNotification']>,
): ServerLine {
  let line: Promise<KeeperLine> | undefined;

  function forget(ended: Promise<KeeperLine>): void {
    if (line === ended) line = undefined;
  }

  return {
    keeper() {
      if (line !== undefined) return line;
      const reached = reachServer(resolved, context, { onNotification });
      line = reached;
      reached.then(
        ({ ended }) => ended.then(() => forget(reached)),
        () => forget(reached),
      );
      return reached;
    },
    async close() {
      (await line?.catch(() => undefined))?.close();
    },
  };
}
