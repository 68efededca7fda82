import type { ClaimRequest, Tenure } from './task-store.ts';

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
export function createHeartbeatCheck(now: () => number): (heartbeat: Heartbeat) => boolean {
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

/** Which tasks an owner claims when its claim names no ids. */
export interface ClaimScope {
  /** False while it cannot reach some servers: it has no share of the open tasks then. */
  readonly claims: boolean;
  /** Only tasks of these servers, by fingerprint; null: of any. */
  readonly servers: readonly string[] | null;
}

/** A living owner that has a share of the open tasks. */
export interface Claimer extends Pick<ClaimScope, 'servers'> {
  readonly owner: string;
}

/** The claim settings that a request sets for its owner; undefined for a request that changes none. */
export function claimScopeOf({ ids, undelivered, except = [], fingerprints }: ClaimRequest): ClaimScope | undefined {
  if (ids !== undefined || undelivered === true) return undefined;
  return { claims: except.length === 0, servers: fingerprints === undefined ? null : [...fingerprints].sort() };
}

export function isSameClaimScope(one: ClaimScope, other: ClaimScope): boolean {
  return one.claims === other.claims && JSON.stringify(one.servers) === JSON.stringify(other.servers);
}

const mayClaim = ({ servers }: Pick<Claimer, 'servers'>, fingerprint: string): boolean =>
  servers === null || servers.includes(fingerprint);

/** True if two owners may claim the same task. */
function canShareTasks(one: Pick<Claimer, 'servers'>, { servers }: Claimer): boolean {
  return servers === null || one.servers === null || servers.some((fingerprint) => mayClaim(one, fingerprint));
}

export interface OpenTasks {
  readonly open: number;
  /** Open tasks by server; asked for only if a claimer is limited to some servers. */
  byServer(): Iterable<readonly [string, number]>;
}

/** The owner's share: for each server, an equal part among the claimers that may claim its tasks. */
export function sharesOf(
  owner: string,
  claimers: readonly Claimer[],
  tasks: OpenTasks,
): Pick<Tenure, 'share' | 'others'> {
  const own = claimers.find((each) => each.owner === owner) ?? { servers: null };
  const others = claimers.filter((each) => each.owner !== owner && canShareTasks(own, each)).length;
  if (claimers.every(({ servers }) => servers === null)) {
    return { share: Math.ceil(tasks.open / Math.max(1, claimers.length)), others };
  }
  let share = 0;
  for (const [fingerprint, count] of tasks.byServer()) {
    const eligible = claimers.filter((each) => mayClaim(each, fingerprint)).length;
    if (mayClaim(own, fingerprint)) share += count / Math.max(1, eligible);
  }
  return { share: Math.ceil(share), others };
}
