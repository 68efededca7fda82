import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { isCallLost, type TaskRecord, type TaskStore } from '@mcp-tasks/client';
import { reachKeeper } from '@mcp-tasks/client/keeper';
import type { Context } from '../context.ts';
import { formatDuration } from '../display/duration.ts';
import { safeText } from '../display/safe-text.ts';
import { type FoundKeeper, readKeepers } from './keeper-file.ts';

/** A background process, and the open tasks it keeps going or kept going until it died. */
export interface KeptServer {
  readonly pid: number;
  readonly startedAt: number;
  readonly server: string;
  readonly fingerprint: string;
  readonly tasks: readonly string[];
  /** Hosts and terminals that use it now. */
  readonly fronts: number;
}

export interface KeepersFound {
  readonly living: readonly KeptServer[];
  /** Those that did not end by themselves: killed, or gone with the machine. Told once, then forgotten. */
  readonly dead: readonly KeptServer[];
}

/** All keepers of this machine, or those of one server. */
export async function lookAfterKeepers(
  store: TaskStore,
  context: Context,
  fingerprint?: string,
): Promise<KeepersFound> {
  const living: KeptServer[] = [];
  const dead: KeptServer[] = [];
  for (const { file, path, ...keeper } of await readKeepers(context)) {
    if (fingerprint !== undefined && keeper.fingerprint !== fingerprint) continue;
    const state = await stateOf(keeper.pid, path);
    // One of its fronts is this look.
    if (state.kind === 'lives')
      living.push({ ...keeper, fronts: state.fronts - 1, tasks: await tasksOf(keeper, store) });
    // One that ends in good order removes its note before it stops listening.
    if (state.kind !== 'gone' || !(await removeNote(file))) continue;
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
    return { kind: 'busy' }; // it listens, and does not answer now
  }
}

/** False when it was removed meanwhile. */
function removeNote(file: string): Promise<boolean> {
  return rm(file).then(
    () => true,
    () => false,
  );
}

/** The open tasks of its server that it drives; of one that has died, also those that nobody drives now. */
async function tasksOf(
  { fingerprint, pid }: Pick<FoundKeeper, 'fingerprint' | 'pid'>,
  store: TaskStore,
): Promise<readonly string[]> {
  const { records } = await store.list({ open: true, fingerprint });
  const open = records.filter((record) => !isCallLost(record));
  const drivers = await Promise.all(open.map(({ id }) => pidOf(id, store)));
  return open.filter((_, at) => drivers[at] === undefined || drivers[at] === pid).map(({ id }) => id);
}

/** Of the living process that drives the task. */
export async function driverOf(
  { id }: Pick<TaskRecord, 'id'>,
  store: Pick<TaskStore, 'ownerOf'>,
): Promise<number | undefined> {
  const pid = await pidOf(id, store);
  return pid !== undefined && isProcess(pid) ? pid : undefined;
}

/** Of the process that drives the task, or did until it died a moment ago. */
async function pidOf(id: string, store: Pick<TaskStore, 'ownerOf'>): Promise<number | undefined> {
  const owner = await store.ownerOf(id).catch(() => undefined);
  return owner === undefined ? undefined : Number(owner.split(':')[1]);
}

export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** It has ended, and nobody has asked how: in a container whose first process does not care for orphans it stays so. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // not on Linux, or gone between the two
  }
}

/** One line for each task that it kept going. */
export function deathOf({ pid, tasks, server, startedAt }: KeptServer, now: number): readonly string[] {
  const began = formatDuration(now - startedAt);
  const died = `warning: background process ${pid}, begun ${began} ago, has died, and ${safeText(server)} with it`;
  return tasks.length === 0 ? [died] : tasks.map((id) => `${id}  ${died}`);
}
