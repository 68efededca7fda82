import { isLeaseHeld, planLease } from '../lease-rule.ts';
import type { TaskStore, TimedLease } from '../task-store.ts';
import type { LeaseTable } from './lease-table.ts';
import type { OwnerTable } from './owner-table.ts';
import { isOwnerDead } from './process-owner.ts';
import type { StoreFile } from './store-file.ts';

type TimedLeases = Pick<TaskStore, 'acquireLease' | 'releaseLease' | 'leaseOf'>;

/** Leases that end at an instant. They give way to those of owners with a heartbeat. */
export function createTimedLeases(file: StoreFile, leases: LeaseTable, owners: OwnerTable): TimedLeases {
  return {
    acquireLease: (id, owner, now, durationMs) =>
      file.write((): TimedLease | undefined => {
        const held = leases.lease(id);
        const isUntimed = held !== undefined && held.owner !== null && held.expiresAt === null;
        if (isUntimed && held.owner !== owner && owners.ownerOf(id) !== undefined) return undefined;
        const state = planLease(held, { owner, now, durationMs }, isOwnerDead);
        if (state === undefined) return undefined;
        leases.putTimed(id, state);
        return { id, ...state };
      }),
    releaseLease: (lease) =>
      file.write(() => {
        if (!isLeaseHeld(leases.lease(lease.id), lease)) return;
        leases.putTimed(lease.id, { owner: null, fence: lease.fence, expiresAt: null });
      }),
    leaseOf: (id) =>
      file.read((): TimedLease | undefined => {
        const held = leases.lease(id);
        if (held === undefined || held.owner === null) return undefined;
        return { id, owner: held.owner, fence: held.fence, expiresAt: held.expiresAt ?? Number.MAX_SAFE_INTEGER };
      }),
  };
}
