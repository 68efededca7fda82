import type { Lease } from './task-store.ts';

/** What a store keeps of a lease. The fence outlives its owner, so that a late writer never meets it again. */
export interface LeaseState {
  readonly owner: string | null;
  readonly fence: number;
}

/** Whether this proof is still the one in force. */
export function isLeaseHeld(held: LeaseState | undefined, lease: Lease): boolean {
  return held !== undefined && held.owner === lease.owner && held.fence === lease.fence;
}
