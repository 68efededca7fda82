import type { Lease } from '../store/task-store.ts';
import type { Failure } from '../task/failure.ts';

/**
 * What this worker is to one task:
 * - `idle`: it drives nothing: the task is not taken up yet, has settled, was left, its call was lost, or the store
 *   refuses its record.
 * - `leading`: it holds the lease: it polls, asks and answers. Every request and write needs a certain ownership.
 * - `following`: another worker holds the lease, or nobody: its changes reach us through the record. `standsBack`: the
 *   server is out of reach from here, and the lease is left to others for a while.
 * - `watching`: it only watches: it borrows the lease for one poll at a time, and answers and cancels nothing.
 * - `gone`: the record was deleted, here or by another process.
 */
export type Mode =
  | { readonly kind: 'idle'; readonly why: 'new' | 'settled' | 'left' }
  | { readonly kind: 'idle'; readonly why: 'call-lost'; readonly failure: Failure }
  /** The store takes this record no more: another open task has its name, say. */
  | { readonly kind: 'idle'; readonly why: 'refused'; readonly reason: string }
  | { readonly kind: 'leading'; readonly lease: Lease }
  | { readonly kind: 'following'; readonly standsBack?: true }
  | { readonly kind: 'watching' }
  | { readonly kind: 'gone' };

const NEXT: Readonly<Record<Mode['kind'], readonly Mode['kind'][]>> = {
  // A call that was taken for lost may be found to have made a task, by the process that made it.
  idle: ['idle', 'leading', 'following', 'watching', 'gone'],
  leading: ['idle', 'following', 'watching', 'gone'],
  following: ['idle', 'leading', 'following', 'gone'],
  watching: ['idle', 'leading', 'gone'],
  gone: ['gone'],
};

/** @throws {Error} when a task cannot go from one mode to the other: a fault of this library. */
export function enterMode(from: Mode, to: Mode): Mode {
  const isEnd = from.kind === 'idle' && (from.why === 'settled' || from.why === 'left');
  const isAllowed = isEnd ? to.kind === 'idle' || to.kind === 'gone' : NEXT[from.kind].includes(to.kind);
  if (!isAllowed) throw new Error(`A task cannot go from ${nameOf(from)} to ${nameOf(to)}`);
  return to;
}

function nameOf(mode: Mode): string {
  return mode.kind === 'idle' ? `idle (${mode.why})` : mode.kind;
}
