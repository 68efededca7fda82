import type { Duty } from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Claim, ClaimRequest, Lease, TaskStore } from '../task-store.ts';
import type { Database, Query } from './database.ts';
import { isDead, type OwnerTable } from './owner-table.ts';
import type { Reports } from './reports.ts';
import type { UnheardClaims } from './unheard-claims.ts';

interface ClaimRow {
  readonly id: string;
  readonly body: string;
  readonly owner: string | null;
  readonly fence: number;
}

interface Session {
  /** Key of the advisory lock that proves that this process lives; undefined without a session. */
  readonly lockKey: string | undefined;
  start(): void;
}

const dutyFor = (undelivered = false): Duty => (undelivered ? 'deliver' : 'drive');

type Ownership = Pick<TaskStore, 'renew' | 'claim' | 'release' | 'leave' | 'owners' | 'ownerOf'>;

/** The store's methods about leases and owners. */
export function createOwnership(
  { schema, tenant, query, transact }: Database,
  owners: OwnerTable,
  unheard: UnheardClaims,
  session: Session,
  text: RecordText,
  reports: Reports,
): Ownership & { leaveAll(): Promise<void> } {
  /** Owners that joined in this process: one of them without a row has expired. */
  const begun = new Set<string>();
  /** Records that this version cannot read: they are not claimed. */
  const unreadable = new Set<string>();

  const anyFree = (duty: Duty): string => `SELECT EXISTS (SELECT 1 FROM ${schema}.records
    WHERE tenant = $1 AND duty = '${duty}' AND owner IS NULL) AS free`;
  const anyNamed = `SELECT EXISTS (SELECT 1 FROM ${schema}.records
    WHERE tenant = $1 AND id = ANY($2) AND (owner IS NULL OR owner = $3)) AS free`;
  const candidates = (which: string): string => `SELECT id, body, owner, fence FROM ${schema}.records
    WHERE tenant = $1 AND ($2::text[] IS NULL OR fingerprint = ANY($2)) AND id <> ALL($3) AND ${which}
    ORDER BY coalesce(next_poll_at, 0) LIMIT $4 FOR UPDATE SKIP LOCKED`;
  const free = (duty: Duty): string => candidates(`duty = '${duty}' AND owner IS NULL`);
  const named = (duty: Duty): string =>
    candidates(`${duty === 'drive' ? 'open' : `duty = '${duty}'`} AND id = ANY($5) AND (owner IS NULL OR owner = $6)`);
  const take = `UPDATE ${schema}.records SET owner = $2, claim = $4, revision = revision + 1,
      fence = fence + CASE WHEN owner IS NULL THEN 1 ELSE 0 END
    WHERE tenant = $1 AND id = ANY($3) AND (owner IS NULL OR owner = $2)`;
  const stays = `SELECT 1 FROM ${schema}.workers WHERE tenant = $1 AND owner = $2 FOR KEY SHARE`;
  const release = `UPDATE ${schema}.records r SET owner = NULL, changed_at = ${schema}.now_ms()
    FROM unnest($2::text[], $3::text[], $4::int[]) AS n(id, owner, fence)
    WHERE r.tenant = $1 AND r.id = n.id AND r.owner = n.owner AND r.fence = n.fence`;

  async function join(owner: string): Promise<void> {
    session.start();
    await owners.join(owner, session.lockKey);
    begun.add(owner);
  }

  async function isAnyFree({ owner, ids, undelivered }: ClaimRequest): Promise<boolean> {
    const [row] = await (ids === undefined
      ? query<{ free: boolean }>(anyFree(dutyFor(undelivered)), [tenant])
      : query<{ free: boolean }>(anyNamed, [tenant, ids, owner]));
    return row?.free === true;
  }

  async function takeFree(inside: Query, request: ClaimRequest, attempt: string): Promise<readonly Claim[]> {
    const { owner, limit, fingerprints, ids, undelivered } = request;
    const duty = dutyFor(undelivered);
    // The row lock makes an expiry of this owner wait, and then free these claims too.
    if ((await inside(stays, [tenant, owner])).length === 0) return [];
    const filters = [fingerprints ?? null, [...unreadable], limit];
    const rows = await (ids === undefined
      ? inside<ClaimRow>(free(duty), [tenant, ...filters])
      : inside<ClaimRow>(named(duty), [tenant, ...filters, ids, owner]));
    const claims = rows.flatMap((row): Claim[] => {
      const parsed = text.parse(row.body);
      if (parsed.kind !== 'record') {
        unreadable.add(row.id);
        return [];
      }
      const fence = row.owner === owner ? row.fence : row.fence + 1;
      return [{ record: parsed.record, lease: { id: row.id, owner, fence } }];
    });
    if (claims.length > 0) await inside(take, [tenant, owner, claims.map(({ lease }) => lease.id), attempt]);
    return claims;
  }

  async function claim(request: ClaimRequest): Promise<readonly Claim[]> {
    const { owner, ids } = request;
    if (!begun.has(owner)) await join(owner);
    const all = await owners.all();
    const own = all.find((row) => row.owner === owner);
    if (own === undefined || !own.fresh) return [];
    const dead = all.filter((row) => row !== own && isDead(row));
    if (dead.length > 0) await owners.bury(dead);
    if (ids === undefined && !own.claims) await owners.noteClaimer(owner);
    await unheard.giveBack(owner);
    if (!(await isAnyFree(request))) return [];
    return unheard.attempt({ owner, kind: 'claim' }, (attempt) =>
      transact((inside) => takeFree(inside, request, attempt)),
    );
  }

  return {
    async renew(owner) {
      if (!begun.has(owner)) await join(owner);
      const tenure = await owners.renew(owner, session.lockKey);
      if (tenure === undefined) begun.delete(owner);
      else await unheard.giveBack(owner);
      return tenure;
    },
    claim,
    async release(leases: readonly Lease[]) {
      if (leases.length === 0) return;
      const columns = [
        leases.map(({ id }) => id),
        leases.map((lease) => lease.owner),
        leases.map(({ fence }) => fence),
      ];
      await query(release, [tenant, ...columns]);
      reports.moved();
    },
    async leave(owner) {
      await owners.leave(owner);
      begun.delete(owner);
      reports.moved();
    },
    owners: () => owners.living(),
    ownerOf: (id) => owners.holderOf(id),
    async leaveAll() {
      for (const owner of begun) await owners.leave(owner);
      begun.clear();
    },
  };
}
