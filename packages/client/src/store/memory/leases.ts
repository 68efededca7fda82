import type { TaskRecord } from '../../task/record.ts';
import { isLeaseHeld, type LeaseState } from '../lease-rule.ts';
import type { Claim, ClaimRequest, Lease } from '../task-store.ts';
import type { Owners } from './owners.ts';

/** Lease of each task. A fence lives as long as its record, so that a stale writer never matches it. */
export interface Leases {
  isHeld(lease: Lease): boolean;
  /** The owner, alive or not. */
  holderOf(id: string): string | null;
  livingHolderOf(id: string): string | null;
  countOf(owner: string): number;
  claim(request: ClaimRequest, candidates: readonly TaskRecord[]): readonly Claim[];
  release(lease: Lease): void;
  /** Releases all leases of an owner; returns their task ids. */
  releaseAll(owner: string): readonly string[];
  delete(id: string): void;
}

export function createLeases(owners: Owners): Leases {
  const leases = new Map<string, LeaseState>();

  const isFree = ({ owner }: LeaseState): boolean => owner === null || !owners.isAlive(owner);

  const free = (id: string, fence: number): void => void leases.set(id, { owner: null, fence });

  return {
    isHeld: (lease) => isLeaseHeld(leases.get(lease.id), lease),
    holderOf: (id) => leases.get(id)?.owner ?? null,
    livingHolderOf(id) {
      const held = leases.get(id);
      return held === undefined || isFree(held) ? null : held.owner;
    },
    countOf: (owner) => [...leases.values()].filter((lease) => lease.owner === owner).length,
    claim({ owner, limit, ids }, candidates) {
      const claims: Claim[] = [];
      for (const record of candidates) {
        if (claims.length >= limit) break;
        const held = leases.get(record.id);
        const isOwn = held?.owner === owner;
        if (isOwn ? ids === undefined : held !== undefined && !isFree(held)) continue;
        const fence = isOwn ? held.fence : (held?.fence ?? 0) + 1;
        leases.set(record.id, { owner, fence });
        claims.push({ record, lease: { id: record.id, owner, fence } });
      }
      return claims;
    },
    release(lease) {
      if (isLeaseHeld(leases.get(lease.id), lease)) free(lease.id, lease.fence);
    },
    releaseAll(owner) {
      const held = [...leases].filter(([, lease]) => lease.owner === owner);
      for (const [id, lease] of held) free(id, lease.fence);
      return held.map(([id]) => id);
    },
    delete: (id) => void leases.delete(id),
  };
}
