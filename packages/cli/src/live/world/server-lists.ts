import type { Clock, TaskRecord } from '@mcp-tasks/client';
import type { ServerChange } from './server-connection-api.ts';
import type { ServerLink } from './server-link.ts';

/** Interval between lists of the server's tasks, in ms. */
const LIST_MS = 5_000;

export interface ListingOptions {
  readonly clock: Clock;
  readonly onTools: (tools: Pick<ServerChange, 'taskTools' | 'toolsAlike'>) => void;
  readonly onOthers: (records: readonly TaskRecord[]) => void;
}

/** Lists a connected server's tools once and its tasks repeatedly; the returned function stops it. */
export function startListing(link: Pick<ServerLink, 'ready'>, options: ListingOptions): () => void {
  let stopped = false;
  let cancel = (): void => undefined;

  async function listTools(): Promise<void> {
    const tools = await (await link.ready()).listTools().catch(() => []);
    const taskTools = tools.filter((tool) => tool.taskSupport !== 'forbidden').map((tool) => tool.name);
    const toolsAlike = tools.every((tool) => tool.taskSupport === 'optional');
    if (!stopped) options.onTools({ taskTools, toolsAlike });
  }

  /** After a failed list, the previous list stays valid. */
  async function listOthers(): Promise<void> {
    const client = await link.ready();
    const others = await client.listUnrecorded().catch(() => undefined);
    if (stopped) return;
    if (others !== undefined) options.onOthers(others);
    cancel = options.clock.schedule(LIST_MS, () => void listOthers().catch(() => undefined));
  }

  void listTools().catch(() => undefined);
  void listOthers().catch(() => undefined);
  return () => {
    stopped = true;
    cancel();
  };
}
