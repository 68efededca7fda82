import type { Lease } from './task-store.ts';

/** What a store keeps of a lease. The fence outlives its owner, so that a late writer never meets it again. */
export interface LeaseState {
  readonly owner: string | null;
  readonly fence: number;
  /** `null`: it lives as long as its owner. */
  readonly expiresAt: number | null;
}

export interface LeaseRequest {
  readonly owner: string;
  readonly now: number;
  readonly durationMs: number;
}

/** In leases of whoever asks. */
const LONGEST = 10;

/** The lease after this request, or `undefined` when another owner lives. The one rule for every store. */
export function planLease(
  held: LeaseState | undefined,
  request: LeaseRequest,
  isOwnerDead: (owner: string) => boolean,
): { readonly owner: string; readonly fence: number; readonly expiresAt: number } | undefined {
  const { owner, now, durationMs } = request;
  const expiresAt = now + durationMs;
  if (held === undefined) return { owner, fence: 1, expiresAt };
  if (held.owner === owner) return { owner, fence: held.fence, expiresAt };
  const ends = held.expiresAt ?? now;
  // An expiry this far ahead means that the clock moved back; its owner renews it at once, if it lives.
  const isOfAnotherTime = ends - now > LONGEST * durationMs;
  const free = held.owner === null || ends <= now || isOfAnotherTime || isOwnerDead(held.owner);
  return free ? { owner, fence: held.fence + 1, expiresAt } : undefined;
}

/** Whether this proof is still the one in force. */
export function isLeaseHeld(held: LeaseState | undefined, lease: Lease): boolean {
  return held !== undefined && held.owner === lease.owner && held.fence === lease.fence;
}
