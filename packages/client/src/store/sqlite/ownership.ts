import { claimScopeOf } from '../owner-rule.ts';
import type { ClaimRequest, TaskStore } from '../task-store.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { LeaseTable } from './lease-table.ts';
import type { MailPoller } from './mail-poller.ts';
import type { OwnerTable } from './owner-table.ts';
import type { StoreFile } from './store-file.ts';

interface Parts {
  readonly file: StoreFile;
  readonly owners: OwnerTable;
  readonly leases: LeaseTable;
  readonly feed: ChangeFeed;
  readonly mail: MailPoller;
}

type Ownership = Pick<TaskStore, 'renew' | 'claim' | 'release' | 'leave' | 'owners' | 'ownerOf'>;

export function createOwnership({
  file,
  owners,
  leases,
  feed,
  mail,
}: Parts): Ownership & { leaveAll(): Promise<void> } {
  /** Owners that joined in this process. If one of them has no row, it has expired. */
  const joined = new Set<string>();

  /** One sequence number for all rows that a transaction frees. */
  function lazySequence(): () => number {
    let sequence: number | undefined;
    return () => (sequence ??= feed.advance());
  }

  function join(owner: string): void {
    owners.join(owner, lazySequence());
    joined.add(owner);
  }

  /** Tries one statement without a transaction; if another process is writing, waits like any other write. */
  async function renewWithRetry(owner: string): Promise<boolean> {
    try {
      return await file.read(() => owners.renew(owner));
    } catch {
      return file.write(() => owners.renew(owner));
    }
  }

  /** Fast path for the workers' frequent claims: without a free task or a dead owner, two reads and no lock. */
  function hasNothingToClaim(request: ClaimRequest): boolean {
    const { owner } = request;
    return joined.has(owner) && owners.isSettled(owner, claimScopeOf(request)) && !leases.isAnyFree(request);
  }

  return {
    async renew(owner) {
      if (!joined.has(owner)) await file.write(() => join(owner));
      else if (!(await renewWithRetry(owner))) {
        joined.delete(owner);
        return undefined;
      }
      return file.read(() => owners.tenureOf(owner));
    },
    async claim(request) {
      const { owner } = request;
      const scope = claimScopeOf(request);
      if (await file.read(() => hasNothingToClaim(request))) return [];
      return file.write(() => {
        if (!joined.has(owner)) join(owner);
        owners.removeExpired(lazySequence());
        if (!owners.isKnown(owner)) return [];
        if (scope !== undefined) owners.noteClaimScope(owner, scope);
        return leases.claim(request);
      });
    },
    async release(given) {
      if (given.length === 0) return;
      await file.write(() => leases.release(given, feed.advance()));
      mail.noteWrite('own');
    },
    async leave(owner) {
      await file.write(() => owners.leave(owner, lazySequence()));
      joined.delete(owner);
      mail.noteWrite('own');
    },
    owners: () => file.read(() => owners.living()),
    ownerOf: (id) => file.read(() => owners.ownerOf(id)),
    async leaveAll() {
      if (joined.size === 0) return;
      await file.write(() => {
        for (const owner of joined) owners.leave(owner, lazySequence());
      });
      joined.clear();
    },
  };
}
