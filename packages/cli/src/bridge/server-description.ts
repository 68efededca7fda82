import type { KeeperLine } from '@mcp-tasks/client/keeper';
import type { BridgeCache, ServerDescription } from './bridge-cache.ts';
import type { Notify } from './front.ts';

/** The description of the bridged server: from the cache until its keeper has sent it. */
export interface KnownServer {
  /** `undefined` before the first refresh of a server that is not in the cache. */
  readonly now: () => ServerDescription | undefined;
  /** Asks the keeper. Hosts are notified when the tools differ from those of the cache. */
  refresh(keeper: () => Promise<KeeperLine>): Promise<ServerDescription>;
}

export async function readKnownServer(cache: BridgeCache, notifyHosts: Notify): Promise<KnownServer> {
  let known = await cache.read();
  return {
    now: () => known,
    async refresh(keeper) {
      const before = known;
      const reached = await keeper();
      const { server, capabilities, instructions, revision } = reached.hello;
      const description = { server, capabilities, instructions, revision, tools: await reached.tools() };
      known = description;
      await cache.write(description).catch(() => undefined);
      if (before !== undefined && JSON.stringify(description.tools) !== JSON.stringify(before.tools))
        notifyHosts('notifications/tools/list_changed', {});
      return description;
    },
  };
}
