import type { KeeperLine } from '@mcp-tasks/client/keeper';
import type { BridgeCache, ServerFace } from './bridge-cache.ts';
import type { Notify } from './front.ts';

/** The description of the bridged server: from the cache until its keeper has told it. */
export interface KnownFace {
  /** `undefined` before the first refresh of a server that is not in the cache. */
  readonly now: () => ServerFace | undefined;
  /** Asks the keeper. Hosts are notified when the tools differ from those of the cache. */
  refresh(keeper: () => Promise<KeeperLine>): Promise<ServerFace>;
}

export async function readFace(cache: BridgeCache, notifyHosts: Notify): Promise<KnownFace> {
  let known = await cache.read();
  return {
    now: () => known,
    async refresh(keeper) {
      const before = known;
      const reached = await keeper();
      const { server, capabilities, instructions, revision } = reached.hello;
      const face = { server, capabilities, instructions, revision, tools: await reached.tools() };
      known = face;
      await cache.write(face).catch(() => undefined);
      if (before !== undefined && JSON.stringify(face.tools) !== JSON.stringify(before.tools))
        notifyHosts('notifications/tools/list_changed', {});
      return face;
    },
  };
}
