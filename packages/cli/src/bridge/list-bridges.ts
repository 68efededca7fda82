import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import { type KeeperHello, keeperSockets, reachKeeper } from '@mcp-tasks/client/keeper';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import { type FrontNote, readFronts } from './front-file.ts';
import { type LearnedLimit, learnedLimits, learnedLimitsFile } from './host-limits.ts';

/** A keeper, and the calls of hosts among its tasks. */
export interface BridgeKeeper {
  readonly hello: KeeperHello;
  /** Number of fronts and terminals connected. */
  readonly fronts: number;
  readonly open: number;
  readonly undelivered: number;
}

/** The bridges of this machine: fronts, keepers, and calls that are open or undelivered. */
export interface Bridges {
  readonly fronts: readonly FrontNote[];
  readonly keepers: readonly BridgeKeeper[];
  /** Calls of hosts without an outcome. */
  readonly open: readonly TaskRecord[];
  /** Calls of hosts whose outcome no host has received. */
  readonly undelivered: readonly TaskRecord[];
  /** Learned call limits of hosts. */
  readonly limits: readonly LearnedLimit[];
}

/** All bridges, or those of one server. */
export async function listBridges(store: TaskStore, context: Context, fingerprint?: string): Promise<Bridges> {
  const directory = stateDirectory(context);
  const isWanted = (each: { readonly fingerprint: string }): boolean =>
    fingerprint === undefined || each.fingerprint === fingerprint;
  const { records } = await store.list({ labels: { via: 'bridge' } });
  const calls = records.filter(({ server }) => isWanted(server));
  const open = calls.filter(({ outcome }) => outcome === null);
  const undelivered = calls.filter(isUndelivered);
  const keepers = (await livingKeepers(directory)).filter(isWanted).map((hello): BridgeKeeper => {
    const isKept = ({ server }: TaskRecord): boolean => server.fingerprint === hello.fingerprint;
    return {
      hello,
      fronts: hello.fronts - 1, // this process is one of them
      open: open.filter(isKept).length,
      undelivered: undelivered.filter(isKept).length,
    };
  });
  return {
    fronts: readFronts(directory).filter(isWanted),
    keepers,
    open,
    undelivered,
    limits: learnedLimits(learnedLimitsFile(directory), context.now()),
  };
}

async function livingKeepers(directory: string): Promise<readonly KeeperHello[]> {
  const sockets = await keeperSockets(directory);
  const lines = await Promise.all(sockets.map((path) => reachKeeper({ path }).catch(() => undefined)));
  const living = lines.filter((line) => line !== undefined);
  for (const line of living) line.close();
  return living.map(({ hello }) => hello);
}

function isUndelivered({ outcome, deliveredAt }: TaskRecord): boolean {
  return outcome !== null && typeof deliveredAt !== 'number';
}
