import type Database from 'libsql';
import type { Duty } from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Claim, ClaimRequest, Lease } from '../task-store.ts';
import { createStatement, type Statement } from './statement.ts';

interface ClaimRow {
  readonly id: string;
  readonly body: string;
  readonly owner: string | null;
  readonly fence: number;
}

export interface LeaseTable {
  /** Leases free tasks; call it after the leases of dead owners were freed. */
  claim(request: ClaimRequest): readonly Claim[];
  /** True if a claim by this owner may get a task. */
  isAnyFree(request: ClaimRequest): boolean;
  release(leases: readonly Lease[], sequence: number): void;
}

const dutyFor = (undelivered = false): Duty => (undelivered ? 'deliver' : 'drive');

/** Leases of open tasks. Call its writing methods inside a transaction. */
export function createLeaseTable(db: Database.Database, text: RecordText): LeaseTable {
  const sql = (statement: string): Statement => createStatement(db, statement);
  const free = sql(`SELECT r.id, r.body, l.owner, l.fence FROM leases l JOIN records r ON r.id = l.id
    WHERE l.owner IS NULL AND r.duty = ?3 AND (?1 IS NULL OR l.fingerprint IN (SELECT value FROM json_each(?1)))
      AND l.fingerprint NOT IN (SELECT value FROM json_each(?4))
    ORDER BY coalesce(r.next_poll_at, 0) LIMIT ?2`);
  const anyFree = sql(`SELECT 1 FROM leases l JOIN records r ON r.id = l.id
    WHERE l.owner IS NULL AND r.duty = ? LIMIT 1`);
  const anyNamedFree = sql(`SELECT 1 FROM json_each(?1) s JOIN leases l ON l.id = s.value
    WHERE l.owner IS NULL OR l.owner = ?2 LIMIT 1`);
  const named = sql(`SELECT r.id, r.body, l.owner, l.fence FROM json_each(?1) s JOIN leases l ON l.id = s.value
    JOIN records r ON r.id = l.id WHERE (l.owner IS NULL OR l.owner = ?2) AND CASE ?5 WHEN 'deliver' THEN r.duty = ?5 ELSE r.open = 1 END
      AND (?3 IS NULL OR l.fingerprint IN (SELECT value FROM json_each(?3)))
    ORDER BY coalesce(r.next_poll_at, 0) LIMIT ?4`);
  const markClaimed = sql(`UPDATE leases SET owner = ?1, fence = fence + 1
    WHERE owner IS NULL AND id IN (SELECT value FROM json_each(?2))`);
  const release = sql(`UPDATE leases SET owner = NULL, sequence = ?1 FROM json_each(?2) n
    WHERE leases.id = n.value ->> 0 AND leases.owner = n.value ->> 1 AND leases.fence = n.value ->> 2`);
  const forgetSettled = sql(`DELETE FROM leases WHERE owner IS NULL AND id IN (SELECT value ->> 0 FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM records r WHERE r.id = leases.id AND (r.open = 1 OR r.duty IS NOT NULL))`);

  function candidates({
    owner,
    limit,
    fingerprints,
    except = [],
    ids,
    undelivered,
  }: ClaimRequest): readonly ClaimRow[] {
    const duty = dutyFor(undelivered);
    const servers = fingerprints === undefined ? null : JSON.stringify(fingerprints);
    if (ids === undefined) return free.all(servers, limit, duty, JSON.stringify(except)) as ClaimRow[];
    return named.all(JSON.stringify(ids), owner, servers, limit, duty) as ClaimRow[];
  }

  return {
    isAnyFree: ({ owner, ids, undelivered }) =>
      (ids === undefined ? anyFree.get(dutyFor(undelivered)) : anyNamedFree.get(JSON.stringify(ids), owner)) !==
      undefined,
    claim(request) {
      const { owner } = request;
      const claims = candidates(request).flatMap((row): Claim[] => {
        const parsed = text.parse(row.body);
        if (parsed.kind !== 'record') return [];
        const fence = row.owner === owner ? row.fence : row.fence + 1;
        return [{ record: parsed.record, lease: { id: row.id, owner, fence } }];
      });
      if (claims.length > 0) markClaimed.run(owner, JSON.stringify(claims.map(({ lease }) => lease.id)));
      return claims;
    },
    release(leases, sequence) {
      const rows = JSON.stringify(leases.map(({ id, owner, fence }) => [id, owner, fence]));
      release.run(sequence, rows);
      forgetSettled.run(rows);
    },
  };
}
