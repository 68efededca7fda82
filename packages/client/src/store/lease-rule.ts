import type { Lease } from './task-store.ts';

/** Lease state of a record. The fence outlives its owner, so that a stale writer never matches it. */
export interface LeaseState {
  readonly owner: string | null;
  readonly fence: number;
}

/** True if this lease is the current one. */
export function isLeaseHeld(held: LeaseState | undefined, lease: Lease): boolean {
  return held !== undefined && held.owner === lease.owner && held.fence === lease.fence;
}
