import { type Claimer, type ClaimScope, OWNER_LIFETIME_MS, sharesOf } from '../owner-rule.ts';
import { isOnThisMachine, isOwnerDead } from '../process-owner.ts';
import type { OwnerState, Tenure } from '../task-store.ts';
import type { Database, Query } from './database.ts';
import { type PausesLeft, pausesLeft } from './pauses.ts';

/** Without its session, an owner is dead this long after its last heartbeat. */
const LOST_SESSION_MS = 1_000;

export interface OwnerRow {
  readonly owner: string;
  readonly seen: number;
  readonly claims: boolean;
  /** Null: any server. */
  readonly servers: readonly string[] | null;
  /** True while its heartbeat is within its lifetime. */
  readonly fresh: boolean;
  /** True if its session ended, and no heartbeat came since. */
  readonly parted: boolean;
}

interface RenewedRow {
  readonly open: number;
  /** The owners that claim; null: none. */
  readonly claimers: readonly Claimer[] | null;
  /** Open tasks by server, if one of these is limited to some servers. */
  readonly by_server: Readonly<Record<string, number>> | null;
  readonly pauses: PausesLeft | null;
}

/** One row per owner: a heartbeat is one write, independent of its number of leases. */
export interface OwnerTable {
  /** Registers the owner, and frees the leases of an earlier life of that name. */
  join(owner: string, lockKey: string | undefined): Promise<void>;
  /** Writes the heartbeat. Undefined if the owner has no row: it expired. */
  renew(owner: string, lockKey: string | undefined): Promise<Tenure | undefined>;
  all(): Promise<readonly OwnerRow[]>;
  living(): Promise<readonly OwnerState[]>;
  holderOf(id: string): Promise<string | undefined>;
  noteClaimScope(owner: string, scope: ClaimScope): Promise<void>;
  /** Frees the leases of expired owners and deletes their rows, unless they renewed meanwhile. */
  removeExpired(dead: readonly OwnerRow[]): Promise<void>;
  leave(owner: string): Promise<void>;
}

/** An owner on this machine is judged by its process: it may live without its session. */
export function isDead({ owner, fresh, parted }: OwnerRow): boolean {
  return !fresh || isOwnerDead(owner) || (parted && !isOnThisMachine(owner));
}

/** SQL condition: a session holds this advisory lock. */
const isHeld = (key: string): string => `EXISTS (SELECT 1 FROM pg_locks l
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32) | l.objid::bigint = ${key})`;
/** Start of the database: sessions that its restart ended do not prove a dead process. */
const BEGAN = 'extract(epoch FROM pg_postmaster_start_time())::float8 * 1000';

export function createOwnerTable(
  { schema, tenant, query, transact }: Database,
  onPauses: (left: PausesLeft | null) => void,
): OwnerTable {
  const now = `${schema}.now_ms()`;
  const fresh = `w.seen > ${now} - ${OWNER_LIFETIME_MS}`;
  const parted = `w.lock_key IS NOT NULL AND w.seen <= ${now} - ${LOST_SESSION_MS} AND w.seen > ${BEGAN}
    AND NOT ${isHeld('w.lock_key')}`;
  const state = `w.owner, w.seen, w.claims, w.servers, ${fresh} AS fresh, coalesce(${parted}, false) AS parted`;
  const join = `INSERT INTO ${schema}.workers (tenant, owner, seen, lock_key) VALUES ($1, $2, ${now}, $3)
    ON CONFLICT (tenant, owner) DO UPDATE SET seen = excluded.seen, lock_key = excluded.lock_key, claims = false, servers = NULL`;
  const renew = `WITH me AS (UPDATE ${schema}.workers SET seen = ${now},
      lock_key = CASE WHEN ${isHeld('$3::bigint')} THEN $3::bigint END WHERE tenant = $1 AND owner = $2 RETURNING owner, claims, servers),
    claimers AS (SELECT owner, servers FROM me WHERE claims
      UNION ALL SELECT owner, servers FROM ${schema}.workers w WHERE tenant = $1 AND claims AND owner <> $2 AND ${fresh}
        AND NOT coalesce(${parted}, false))
    SELECT (SELECT count(*) FROM ${schema}.records WHERE tenant = $1 AND open)::int AS open,
      (SELECT json_agg(claimers) FROM claimers) AS claimers,
      CASE WHEN EXISTS (SELECT 1 FROM claimers WHERE servers IS NOT NULL) THEN (SELECT json_object_agg(fingerprint, n)
        FROM (SELECT fingerprint, count(*) AS n FROM ${schema}.records WHERE tenant = $1 AND open GROUP BY 1) AS counts)
      END AS by_server,
      ${pausesLeft(schema)} AS pauses FROM me`;
  const free = `UPDATE ${schema}.records SET owner = NULL, changed_at = ${now} WHERE tenant = $1 AND owner = ANY($2)`;
  const forget = `DELETE FROM ${schema}.workers w USING unnest($2::text[], $3::float8[]) AS d(owner, seen)
    WHERE w.tenant = $1 AND w.owner = d.owner AND (d.seen IS NULL OR w.seen = d.seen) RETURNING w.owner`;
  const dropMail = `DELETE FROM ${schema}.mail WHERE tenant = $1 AND owner = ANY($2)`;

  function all(): Promise<readonly OwnerRow[]> {
    return query<OwnerRow>(`SELECT ${state} FROM ${schema}.workers w WHERE tenant = $1`, [tenant]);
  }

  async function freeAll(inside: Query, owners: readonly string[]): Promise<void> {
    if (owners.length === 0) return;
    await inside(free, [tenant, owners]);
    await inside(dropMail, [tenant, owners]);
  }

  async function removeOwners(
    dead: readonly { readonly owner: string; readonly seen: number | null }[],
  ): Promise<void> {
    await transact(async (inside) => {
      const columns = [dead.map(({ owner }) => owner), dead.map(({ seen }) => seen)];
      const gone = await inside<{ owner: string }>(forget, [tenant, ...columns]);
      await freeAll(
        inside,
        gone.map(({ owner }) => owner),
      );
    });
  }

  return {
    join: (owner, lockKey) =>
      transact(async (inside) => {
        await inside(join, [tenant, owner, lockKey ?? null]);
        await freeAll(inside, [owner]);
      }),
    async renew(owner, lockKey) {
      const [row] = await query<RenewedRow>(renew, [tenant, owner, lockKey ?? null]);
      if (row === undefined) return undefined;
      onPauses(row.pauses);
      const { open, claimers, by_server: byServer } = row;
      const shares = sharesOf(owner, claimers ?? [], { open, byServer: () => Object.entries(byServer ?? {}) });
      return { owner, lifetimeMs: OWNER_LIFETIME_MS, open, ...shares };
    },
    all,
    async living() {
      const counts = await query<{ owner: string; tasks: number }>(
        `SELECT owner, count(*)::int AS tasks FROM ${schema}.records
         WHERE tenant = $1 AND owner IS NOT NULL GROUP BY owner`,
        [tenant],
      );
      const held = new Map(counts.map(({ owner, tasks }) => [owner, tasks]));
      const living = (await all()).filter((row) => !isDead(row));
      return living.map(({ owner, seen }) => ({ owner, renewedAt: seen, tasks: held.get(owner) ?? 0 }));
    },
    async holderOf(id) {
      const text = `SELECT ${state} FROM ${schema}.records r JOIN ${schema}.workers w
        ON w.tenant = r.tenant AND w.owner = r.owner WHERE r.tenant = $1 AND r.id = $2`;
      const [row] = await query<OwnerRow>(text, [tenant, id]);
      return row === undefined || isDead(row) ? undefined : row.owner;
    },
    async noteClaimScope(owner, { claims, servers }) {
      const text = `UPDATE ${schema}.workers SET claims = $3, servers = $4 WHERE tenant = $1 AND owner = $2`;
      await query(text, [tenant, owner, claims, servers]);
    },
    removeExpired: removeOwners,
    leave: (owner) => removeOwners([{ owner, seen: null }]),
  };
}
