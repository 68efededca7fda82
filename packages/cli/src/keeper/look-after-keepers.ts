import { readFileSync } from 'node:fs';
import type { TaskStore } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { formatDuration } from '../display/duration.ts';
import { safeText } from '../display/safe-text.ts';
import { type Holder, readHolders, removeHolder } from './keeper-file.ts';

export interface HoldersFound {
  readonly living: readonly Holder[];
  /** Those that did not end by themselves: killed, or gone with the machine. Told once, then forgotten. */
  readonly dead: readonly Holder[];
}

export async function lookAfterHolders(store: TaskStore, context: Context, id?: string): Promise<HoldersFound> {
  const living: Holder[] = [];
  const dead: Holder[] = [];
  for (const holder of await readHolders(context)) {
    if (id !== undefined && holder.id !== id) continue;
    const state = await stateOf(holder, store);
    if (state === 'lives') living.push(holder);
    if (state !== 'died') continue;
    dead.push(holder);
    await removeHolder(context, holder.pid);
  }
  return { living, dead };
}

/** Its pid may by now be someone else's: a living keeper also owns its task, for as long as there is one. */
async function stateOf({ pid, id }: Holder, store: TaskStore): Promise<'lives' | 'ends' | 'died'> {
  if (!isProcess(pid)) return 'died';
  const owner = await store.ownerOf(id);
  if (owner?.split(':')[1] === String(pid)) return 'lives';
  const record = await store.read(id);
  return record === undefined || record.phase === 'settled' ? 'ends' : 'died';
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

export function deathOf({ pid, id, server, startedAt }: Holder, now: number): string {
  const began = formatDuration(now - startedAt);
  return `${id}  warning: background process ${pid}, begun ${began} ago, has died, and ${safeText(server)} with it`;
}
