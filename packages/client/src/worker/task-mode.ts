import type { Lease } from '../store/task-store.ts';
import type { Failure } from '../task/failure.ts';

/**
 * The mode of one task in this worker:
 * - `idle`: it drives nothing: the task is not resumed yet, has settled, was left, its call was lost, or the store
 *   refuses its record.
 * - `leading`: it holds the lease: it polls, asks and answers. While the ownership is in doubt, it sends
 *   and writes nothing.
 * - `following`: another worker holds the lease, or none does: changes arrive through the record. `standsBack`: the
 *   server is unreachable from here, and the lease is left to others for a while.
 * - `watching`: an observer: it borrows the lease for one poll at a time, and answers and cancels nothing.
 * - `deleted`: the record was deleted, here or by another process.
 */
export type Mode =
  | { readonly kind: 'idle'; readonly why: 'new' | 'settled' | 'left' }
  | { readonly kind: 'idle'; readonly why: 'call-lost'; readonly failure: Failure }
  /** The store refuses this record, for example because another open task has its key. */
  | { readonly kind: 'idle'; readonly why: 'refused'; readonly reason: string }
  | { readonly kind: 'leading'; readonly lease: Lease }
  | { readonly kind: 'following'; readonly standsBack?: true }
  | { readonly kind: 'watching' }
  | { readonly kind: 'deleted' };

const NEXT: Readonly<Record<Mode['kind'], readonly Mode['kind'][]>> = {
  // A call recorded as lost may have made a task after all: the process that sent the call records the task.
  idle: ['idle', 'leading', 'following', 'watching', 'deleted'],
  leading: ['idle', 'following', 'watching', 'deleted'],
  following: ['idle', 'leading', 'following', 'deleted'],
  watching: ['idle', 'leading', 'deleted'],
  deleted: ['deleted'],
};

/** @throws {Error} for a transition that is not allowed: a bug of this library */
export function enterMode(from: Mode, to: Mode): Mode {
  const isEnd = from.kind === 'idle' && (from.why === 'settled' || from.why === 'left');
  const isAllowed = isEnd ? to.kind === 'idle' || to.kind === 'deleted' : NEXT[from.kind].includes(to.kind);
  if (!isAllowed) throw new Error(`A task cannot go from ${nameOf(from)} to ${nameOf(to)}`);
  return to;
}

function nameOf(mode: Mode): string {
  return mode.kind === 'idle' ? `idle (${mode.why})` : mode.kind;
}
