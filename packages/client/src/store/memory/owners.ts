import { type ClaimScope, createHeartbeatCheck } from '../owner-rule.ts';

interface Owner extends ClaimScope {
  readonly renewedAt: number;
}

/** Claim settings of an owner before its first claim without `ids`. */
const NOTHING: ClaimScope = { claims: false, servers: null };

export interface Owners {
  /** `joined`: the first heartbeat of this name, or the first after `lost` was reported. */
  renew(owner: string): 'joined' | 'renewed' | 'lost';
  /** True for an owner that never renewed, or that has left. */
  isUnknown(owner: string): boolean;
  noteClaimScope(owner: string, scope: ClaimScope): void;
  isAlive(owner: string): boolean;
  /** The living owners. */
  living(): readonly ({ readonly owner: string } & Owner)[];
  /** Removes the owners that expired; returns them. */
  removeExpired(): readonly string[];
  leave(owner: string): void;
}

/** Heartbeats of owners. An owner stays known until it leaves, or until its expiry was reported to it. */
export function createOwners(now: () => number, isKnownDead: (owner: string) => boolean): Owners {
  const known = new Map<string, Owner>();
  const lost = new Set<string>();
  const isFresh = createHeartbeatCheck(now);

  function isAlive(owner: string): boolean {
    const state = known.get(owner);
    return state !== undefined && !isKnownDead(owner) && isFresh({ owner, renewedAt: state.renewedAt });
  }

  return {
    isAlive,
    isUnknown: (owner) => !known.has(owner) && !lost.has(owner),
    renew(owner) {
      if (lost.delete(owner)) return 'lost';
      const before = known.get(owner);
      known.set(owner, { ...(before ?? NOTHING), renewedAt: now() });
      return before === undefined ? 'joined' : 'renewed';
    },
    noteClaimScope(owner, scope) {
      const state = known.get(owner);
      if (state !== undefined) known.set(owner, { ...state, ...scope });
    },
    living: () => [...known].filter(([owner]) => isAlive(owner)).map(([owner, state]) => ({ owner, ...state })),
    removeExpired() {
      const dead = [...known.keys()].filter((owner) => !isAlive(owner));
      for (const owner of dead) {
        known.delete(owner);
        lost.add(owner);
      }
      return dead;
    },
    leave(owner) {
      known.delete(owner);
      lost.delete(owner);
    },
  };
}
