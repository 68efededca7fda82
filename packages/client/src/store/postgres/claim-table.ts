import type { Duty } from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Claim, ClaimRequest, Lease } from '../task-store.ts';
import type { Database, Query } from './database.ts';

interface ClaimRow {
  readonly id: string;
  readonly body: string;
  readonly owner: string | null;
  readonly fence: number;
}

/** Claims free records under a row lock, and releases them by owner and fence. */
export interface ClaimTable {
  /** Reads without a lock, since workers ask every second. */
  isAnyFree(request: ClaimRequest): Promise<boolean>;
  /** Claims free records inside a transaction. `attempt` marks the rows, to release them if the response is lost. */
  claim(inside: Query, request: ClaimRequest, attempt: string): Promise<readonly Claim[]>;
  release(leases: readonly Lease[]): Promise<void>;
}

const dutyOf = ({ undelivered = false }: ClaimRequest): Duty => (undelivered ? 'deliver' : 'drive');

export function createClaimTable({ schema, tenant, query }: Database, text: RecordText): ClaimTable {
  /** Records that this version cannot read: they are not claimed. */
  const unreadable = new Set<string>();
  const sql = statements(schema);

  /** The candidates, locked; those that another transaction has locked are skipped. */
  function candidates(inside: Query, request: ClaimRequest): Promise<readonly ClaimRow[]> {
    const { owner, limit, fingerprints, except = [], ids } = request;
    const filters = [tenant, fingerprints ?? null, [...unreadable], limit];
    const duty = dutyOf(request);
    return ids === undefined
      ? inside<ClaimRow>(sql.free(duty), [...filters, except])
      : inside<ClaimRow>(sql.named(duty), [...filters, ids, owner]);
  }

  function claimOf(row: ClaimRow, owner: string): readonly Claim[] {
    const parsed = text.parse(row.body);
    if (parsed.kind !== 'record') {
      unreadable.add(row.id);
      return [];
    }
    const fence = row.owner === owner ? row.fence : row.fence + 1;
    return [{ record: parsed.record, lease: { id: row.id, owner, fence } }];
  }

  return {
    async isAnyFree(request) {
      const { owner, ids } = request;
      const [row] = await (ids === undefined
        ? query<{ free: boolean }>(sql.anyFree(dutyOf(request)), [tenant])
        : query<{ free: boolean }>(sql.anyNamed, [tenant, ids, owner]));
      return row?.free === true;
    },
    async claim(inside, request, attempt) {
      const { owner } = request;
      // The row lock delays an expiry of this owner, which then frees these claims, too.
      if ((await inside(sql.lockOwner, [tenant, owner])).length === 0) return [];
      const claims = (await candidates(inside, request)).flatMap((row) => claimOf(row, owner));
      if (claims.length > 0)
        await inside(sql.markClaimed, [tenant, owner, claims.map(({ lease }) => lease.id), attempt]);
      return claims;
    },
    async release(leases) {
      const ids = leases.map(({ id }) => id);
      const owners = leases.map(({ owner }) => owner);
      await query(sql.release, [tenant, ids, owners, leases.map(({ fence }) => fence)]);
    },
  };
}

function statements(schema: string) {
  const candidates = (which: string): string => `SELECT id, body, owner, fence FROM ${schema}.records
    WHERE tenant = $1 AND ($2::text[] IS NULL OR fingerprint = ANY($2)) AND id <> ALL($3) AND ${which}
    ORDER BY coalesce(next_poll_at, 0) LIMIT $4 FOR UPDATE SKIP LOCKED`;
  const isDue = (duty: Duty): string => (duty === 'drive' ? 'open' : `duty = '${duty}'`);
  return {
    anyFree: (duty: Duty) => `SELECT EXISTS (SELECT 1 FROM ${schema}.records
      WHERE tenant = $1 AND duty = '${duty}' AND owner IS NULL) AS free`,
    anyNamed: `SELECT EXISTS (SELECT 1 FROM ${schema}.records
      WHERE tenant = $1 AND id = ANY($2) AND (owner IS NULL OR owner = $3)) AS free`,
    free: (duty: Duty) => candidates(`duty = '${duty}' AND owner IS NULL AND fingerprint <> ALL($5)`),
    named: (duty: Duty) => candidates(`${isDue(duty)} AND id = ANY($5) AND (owner IS NULL OR owner = $6)`),
    markClaimed: `UPDATE ${schema}.records SET owner = $2, claim = $4, revision = revision + 1,
        fence = fence + CASE WHEN owner IS NULL THEN 1 ELSE 0 END
      WHERE tenant = $1 AND id = ANY($3) AND (owner IS NULL OR owner = $2)`,
    lockOwner: `SELECT 1 FROM ${schema}.workers WHERE tenant = $1 AND owner = $2 FOR KEY SHARE`,
    release: `UPDATE ${schema}.records r SET owner = NULL, changed_at = ${schema}.now_ms()
      FROM unnest($2::text[], $3::text[], $4::int[]) AS n(id, owner, fence)
      WHERE r.tenant = $1 AND r.id = n.id AND r.owner = n.owner AND r.fence = n.fence`,
  };
}
