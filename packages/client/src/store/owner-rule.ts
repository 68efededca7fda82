/** How long after its last heartbeat an owner is alive, by the store's clock. */
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
 * Tells whether an owner is alive by its last heartbeat. A heartbeat ahead of the clock is of before the clock was set
 * back: its owner is dead once it was seen unchanged for a whole lifetime.
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

/** How many open tasks each of these owners holds when all take as many. */
export function shareOf(open: number, claimers: number): number {
  return Math.ceil(open / Math.max(1, claimers));
}
