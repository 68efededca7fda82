import { rm } from 'node:fs/promises';
import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';
import { reachKeeper } from '@mcp-tasks/client/keeper';
import type { Context } from '../context.ts';
import { formatDuration } from '../display/duration.ts';
import { safeText } from '../display/safe-text.ts';
import { isProcess } from './is-process.ts';
import { type FoundKeeper, readKeepers } from './keeper-file.ts';

/** A keeper with its open tasks; for a dead keeper, the tasks it drove. */
export interface KeptServer {
  readonly pid: number;
  readonly startedAt: number;
  readonly server: string;
  readonly fingerprint: string;
  readonly tasks: readonly string[];
  /** Number of hosts and terminals connected. */
  readonly fronts: number;
}

export interface KeepersFound {
  readonly living: readonly KeptServer[];
  /** Keepers that were killed or ended with the machine. Each is reported once: its file is then deleted. */
  readonly dead: readonly KeptServer[];
}

/** All keepers of this machine, or those of one server. */
export async function listKeepers(store: TaskStore, context: Context, fingerprint?: string): Promise<KeepersFound> {
  const living: KeptServer[] = [];
  const dead: KeptServer[] = [];
  for (const { file, path, ...keeper } of await readKeepers(context)) {
    if (fingerprint !== undefined && keeper.fingerprint !== fingerprint) continue;
    const state = await stateOf(keeper.pid, path);
    // This process is one of the fronts.
    if (state.kind === 'lives')
      living.push({ ...keeper, fronts: state.fronts - 1, tasks: await tasksOf(keeper, store) });
    // A keeper that ends normally removes its file before it stops listening.
    if (state.kind !== 'gone' || !(await removeFile(file))) continue;
    dead.push({ ...keeper, fronts: 0, tasks: await tasksOf(keeper, store) });
  }
  return { living, dead };
}

type KeeperState = { readonly kind: 'lives'; readonly fronts: number } | { readonly kind: 'gone' | 'busy' };

async function stateOf(pid: number, path: string): Promise<KeeperState> {
  try {
    const line = await reachKeeper({ path });
    line?.close();
    if (line?.hello.pid === pid) return { kind: 'lives', fronts: line.hello.fronts };
    return { kind: 'gone' };
  } catch {
    return { kind: 'busy' }; // it listens but does not answer in time
  }
}

/** Returns false when another process removed it. */
function removeFile(file: string): Promise<boolean> {
  return rm(file).then(
    () => true,
    () => false,
  );
}

/** Open tasks whose lease this keeper holds; for a dead keeper, also those without a lease. */
async function tasksOf(
  { fingerprint, pid }: Pick<FoundKeeper, 'fingerprint' | 'pid'>,
  store: TaskStore,
): Promise<readonly string[]> {
  const { records } = await store.list({ open: true, fingerprint });
  const open = records.filter((record) => !isCallLost(record));
  const drivers = await Promise.all(open.map(({ id }) => pidOf(id, store)));
  return open.filter((_, at) => drivers[at] === undefined || drivers[at] === pid).map(({ id }) => id);
}

/** The pid of the live process that drives the task. */
export async function driverOf(
  { id }: Pick<TaskRecord, 'id'>,
  store: Pick<TaskStore, 'ownerOf'>,
): Promise<number | undefined> {
  const pid = await pidOf(id, store);
  return pid !== undefined && isProcess(pid) ? pid : undefined;
}

/** The pid of the process that holds the lease, which may just have died. */
async function pidOf(id: string, store: Pick<TaskStore, 'ownerOf'>): Promise<number | undefined> {
  const owner = await store.ownerOf(id).catch(() => undefined);
  return owner === undefined ? undefined : Number(owner.split(':')[1]);
}

/** The warning about a dead keeper, one line per task. */
export function deathNotice({ pid, tasks, server, startedAt }: KeptServer, now: number): readonly string[] {
  const age = formatDuration(now - startedAt);
  const died = `warning: background process ${pid}, started ${age} ago, has died, and ${safeText(server)} with it`;
  return tasks.length === 0 ? [died] : tasks.map((id) => `${id}  ${died}`);
}
