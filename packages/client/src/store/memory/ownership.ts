import type { TaskRecord } from '../../task/record.ts';
import { claimScopeOf, OWNER_LIFETIME_MS, sharesOf } from '../owner-rule.ts';
import { type Duty, dutyOf, isOpen } from '../record-rules.ts';
import type { ClaimRequest, TaskStore } from '../task-store.ts';
import type { Leases } from './leases.ts';
import type { Mail } from './mail.ts';
import type { Owners } from './owners.ts';
import type { Records } from './records.ts';

interface Parts {
  readonly records: Records;
  readonly leases: Leases;
  readonly owners: Owners;
  readonly mail: Mail;
}

type Ownership = Pick<TaskStore, 'renew' | 'claim' | 'release' | 'leave' | 'owners' | 'ownerOf' | 'post'>;

/** The store's methods about leases and owners. */
export function createOwnership({ records, leases, owners, mail }: Parts): Ownership {
  function free(owner: string): void {
    for (const id of leases.releaseAll(owner)) mail.deliver({ id, holder: null, writer: owner });
  }

  function renew(owner: string): ReturnType<Owners['renew']> {
    const life = owners.renew(owner);
    if (life === 'joined') free(owner);
    return life;
  }

  function claimable({ fingerprints, except = [], ids, undelivered = false }: ClaimRequest): readonly TaskRecord[] {
    const duty: Duty = undelivered ? 'deliver' : 'drive';
    const isNeeded = (record: TaskRecord): boolean =>
      ids !== undefined && !undelivered ? isOpen(record) : dutyOf(record) === duty;
    const found = ids === undefined ? records.all() : ids.flatMap((id) => records.get(id) ?? []);
    const isOf = ({ server: { fingerprint } }: TaskRecord): boolean =>
      !except.includes(fingerprint) && (fingerprints?.includes(fingerprint) ?? true);
    const wanted = found.filter((record) => isNeeded(record) && isOf(record));
    return wanted.sort((a, b) => (a.nextPollAt ?? 0) - (b.nextPollAt ?? 0));
  }

  function openByServer(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const record of records.all()) {
      const { fingerprint } = record.server;
      if (isOpen(record)) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
    }
    return counts;
  }

  return {
    async renew(owner) {
      if (renew(owner) === 'lost') return undefined;
      const { open } = records;
      const claimers = owners.living().filter(({ claims }) => claims);
      const shares = sharesOf(owner, claimers, { open, byServer: openByServer });
      return { owner, lifetimeMs: OWNER_LIFETIME_MS, open, ...shares };
    },
    async claim(request) {
      if (owners.isUnknown(request.owner)) renew(request.owner);
      for (const owner of owners.removeExpired()) free(owner);
      if (!owners.isAlive(request.owner)) return [];
      const scope = claimScopeOf(request);
      if (scope !== undefined) owners.noteClaimScope(request.owner, scope);
      return leases.claim(request, claimable(request));
    },
    async release(given) {
      for (const lease of given) {
        leases.release(lease);
        mail.deliver({ id: lease.id, holder: null, writer: lease.owner });
      }
    },
    async leave(owner) {
      free(owner);
      owners.leave(owner);
    },
    owners: async () =>
      owners.living().map(({ owner, renewedAt }) => ({ owner, renewedAt, tasks: leases.countOf(owner) })),
    ownerOf: async (id) => leases.livingHolderOf(id) ?? undefined,
    async post({ id }) {
      const holder = leases.livingHolderOf(id);
      if (holder !== null) mail.post(id, holder);
      return holder !== null;
    },
  };
}
