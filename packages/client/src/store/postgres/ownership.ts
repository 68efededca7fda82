import { claimScopeOf, isSameClaimScope } from '../owner-rule.ts';
import type { RecordText } from '../record-text.ts';
import type { Claim, ClaimRequest, TaskStore } from '../task-store.ts';
import { createClaimTable } from './claim-table.ts';
import type { Database } from './database.ts';
import { isDead, type OwnerTable } from './owner-table.ts';
import type { Reports } from './reports.ts';
import type { UnconfirmedClaims } from './unconfirmed-claims.ts';

interface Session {
  /** Key of the advisory lock that proves that this process lives; undefined without a session. */
  readonly lockKey: string | undefined;
  start(): void;
}

type Ownership = Pick<TaskStore, 'renew' | 'claim' | 'release' | 'leave' | 'owners' | 'ownerOf'>;

/** The store's methods about leases and owners. */
export function createOwnership(
  database: Database,
  owners: OwnerTable,
  unconfirmed: UnconfirmedClaims,
  session: Session,
  text: RecordText,
  reports: Reports,
): Ownership & { leaveAll(): Promise<void> } {
  /** Owners that joined in this process. If one of them has no row, it has expired. */
  const joined = new Set<string>();
  const table = createClaimTable(database, text);

  async function join(owner: string): Promise<void> {
    session.start();
    await owners.join(owner, session.lockKey);
    joined.add(owner);
  }

  /** Frees the leases of dead owners. False if this owner's own heartbeat is too old to claim. */
  async function prepare(request: ClaimRequest): Promise<boolean> {
    const { owner } = request;
    const scope = claimScopeOf(request);
    const all = await owners.all();
    const own = all.find((row) => row.owner === owner);
    if (own === undefined || !own.fresh) return false;
    const dead = all.filter((row) => row !== own && isDead(row));
    if (dead.length > 0) await owners.removeExpired(dead);
    if (scope !== undefined && !isSameClaimScope(scope, own)) await owners.noteClaimScope(owner, scope);
    await unconfirmed.rollBack(owner);
    return true;
  }

  async function claim(request: ClaimRequest): Promise<readonly Claim[]> {
    const { owner } = request;
    if (!joined.has(owner)) await join(owner);
    if (!(await prepare(request)) || !(await table.isAnyFree(request))) return [];
    return unconfirmed.attempt({ owner, kind: 'claim' }, (attempt) =>
      database.transact((inside) => table.claim(inside, request, attempt)),
    );
  }

  return {
    async renew(owner) {
      if (!joined.has(owner)) await join(owner);
      const tenure = await owners.renew(owner, session.lockKey);
      if (tenure === undefined) joined.delete(owner);
      else await unconfirmed.rollBack(owner);
      return tenure;
    },
    claim,
    async release(leases) {
      if (leases.length === 0) return;
      await table.release(leases);
      reports.listChanged();
    },
    async leave(owner) {
      await owners.leave(owner);
      joined.delete(owner);
      reports.listChanged();
    },
    owners: () => owners.living(),
    ownerOf: (id) => owners.holderOf(id),
    async leaveAll() {
      for (const owner of joined) await owners.leave(owner);
      joined.clear();
    },
  };
}
