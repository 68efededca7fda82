import type { ClaimRequest } from './task-store.ts';

/** Lifetime of an owner after its last heartbeat, in ms of the store's clock. */
export const OWNER_LIFETIME_MS = 10_000;

export interface Heartbeat {
  readonly owner: string;
  readonly renewedAt: number;
}

interface Sighting {
  readonly renewedAt: number;
  readonly seenAt: number;
}

/**
 * True while an owner's last heartbeat is younger than its lifetime. A heartbeat ahead of the clock means the clock was
 * set back: that owner is dead after a whole lifetime without a new heartbeat.
 */
export function createOwnerLife(now: () => number): (heartbeat: Heartbeat) => boolean {
  const ahead = new Map<string, Sighting>();
  return ({ owner, renewedAt }) => {
    const instant = now();
    if (renewedAt <= instant) {
      ahead.delete(owner);
      return instant - renewedAt < OWNER_LIFETIME_MS;
    }
    const seen = ahead.get(owner);
    if (seen?.renewedAt === renewedAt && seen.seenAt <= instant) return instant - seen.seenAt < OWNER_LIFETIME_MS;
    ahead.set(owner, { renewedAt, seenAt: instant });
    return true;
  };
}

/** Each claiming owner's equal share of the open tasks. */
export function shareOf(open: number, claimers: number): number {
  return Math.ceil(open / Math.max(1, claimers));
}

/**
 * Whether the owner of this claim has a share of the open tasks: one that cannot reach some servers leaves its part to
 * others. Undefined: the claim changes nothing about that.
 */
export function hasShare({ ids, undelivered, except = [] }: ClaimRequest): boolean | undefined {
  return ids !== undefined || undelivered === true ? undefined : except.length === 0;
}
