import type Database from 'libsql';
import { type ClaimScope, createHeartbeatCheck, isSameClaimScope, OWNER_LIFETIME_MS, sharesOf } from '../owner-rule.ts';
import type { OwnerState, Tenure } from '../task-store.ts';
import { createStatement, type Statement } from './statement.ts';

interface OwnerRow {
  readonly owner: string;
  readonly renewed_at: number;
  readonly claims: number;
  /** A JSON list; null: any server. */
  readonly servers: string | null;
}

function claimScopeOf({ claims, servers }: OwnerRow): ClaimScope {
  return { claims: claims === 1, servers: servers === null ? null : (JSON.parse(servers) as string[]) };
}

export interface OwnerTable {
  /** Writes the heartbeat. False if the owner has no row: it expired. */
  renew(owner: string): boolean;
  /** Registers the owner, and frees the leases of an earlier life of that name. */
  join(owner: string, sequence: () => number): void;
  tenureOf(owner: string): Tenure;
  /** True if the owner has a row; except by `leave`, only `removeExpired` deletes it. */
  isKnown(owner: string): boolean;
  noteClaimScope(owner: string, scope: ClaimScope): void;
  /** True if the owner is registered, has this claim scope (if given), and no owner has expired. */
  isSettled(owner: string, scope: ClaimScope | undefined): boolean;
  /** Frees the leases of expired owners, and deletes their rows. */
  removeExpired(sequence: () => number): void;
  leave(owner: string, sequence: () => number): void;
  living(): readonly OwnerState[];
  ownerOf(id: string): string | undefined;
}

/** One row per owner: a heartbeat is one write, independent of its number of leases. */
export function createOwnerTable(
  db: Database.Database,
  now: () => number,
  isKnownDead: (owner: string) => boolean,
): OwnerTable {
  const sql = (text: string): Statement => createStatement(db, text);
  const renew = sql('UPDATE owners SET renewed_at = ? WHERE owner = ?');
  const insert = sql('INSERT OR REPLACE INTO owners (owner, renewed_at, claims) VALUES (?, ?, 0)');
  const noteClaimScope = sql('UPDATE owners SET claims = ?, servers = ? WHERE owner = ?');
  const forget = sql('DELETE FROM owners WHERE owner = ?');
  const all = sql('SELECT owner, renewed_at, claims, servers FROM owners');
  const known = sql('SELECT 1 FROM owners WHERE owner = ?');
  const free = sql('UPDATE leases SET owner = NULL, sequence = ? WHERE owner = ?');
  const open = sql('SELECT count(*) AS count FROM records WHERE open = 1');
  const openOfServers = sql('SELECT fingerprint, count(*) AS count FROM records WHERE open = 1 GROUP BY fingerprint');
  const counts = sql('SELECT owner, count(*) AS tasks FROM leases WHERE owner IS NOT NULL GROUP BY owner');
  const holder = sql(`SELECT l.owner, o.renewed_at FROM leases l JOIN owners o ON o.owner = l.owner
    WHERE l.id = ?`);
  const isFresh = createHeartbeatCheck(now);

  const isAlive = ({ owner, renewed_at: renewedAt }: OwnerRow): boolean =>
    isFresh({ owner, renewedAt }) && !isKnownDead(owner);
  const living = (): readonly OwnerRow[] => (all.all() as OwnerRow[]).filter(isAlive);

  function openByServer(): readonly (readonly [string, number])[] {
    const rows = openOfServers.all() as { fingerprint: string; count: number }[];
    return rows.map(({ fingerprint, count }) => [fingerprint, count]);
  }

  function removeOwner(owner: string, sequence: () => number): void {
    free.run(sequence(), owner);
    forget.run(owner);
  }

  return {
    renew: (owner) => renew.run(now(), owner).changes > 0,
    join(owner, sequence) {
      removeOwner(owner, sequence);
      insert.run(owner, now());
    },
    tenureOf(owner) {
      const claimers = living()
        .filter(({ claims }) => claims === 1)
        .map((row) => ({ owner: row.owner, servers: claimScopeOf(row).servers }));
      const { count } = open.get() as { count: number };
      const shares = sharesOf(owner, claimers, { open: count, byServer: openByServer });
      return { owner, lifetimeMs: OWNER_LIFETIME_MS, open: count, ...shares };
    },
    isKnown: (owner) => known.get(owner) !== undefined,
    isSettled(owner, scope) {
      const rows = all.all() as OwnerRow[];
      const own = rows.find((row) => row.owner === owner);
      if (own === undefined || !rows.every(isAlive)) return false;
      return scope === undefined || isSameClaimScope(scope, claimScopeOf(own));
    },
    noteClaimScope(owner, { claims, servers }) {
      noteClaimScope.run(Number(claims), servers === null ? null : JSON.stringify(servers), owner);
    },
    removeExpired(sequence) {
      for (const row of all.all() as OwnerRow[]) if (!isAlive(row)) removeOwner(row.owner, sequence);
    },
    leave: removeOwner,
    living() {
      const held = new Map((counts.all() as { owner: string; tasks: number }[]).map((row) => [row.owner, row.tasks]));
      return living().map((row) => ({ owner: row.owner, renewedAt: row.renewed_at, tasks: held.get(row.owner) ?? 0 }));
    },
    ownerOf(id) {
      const row = holder.get(id) as OwnerRow | undefined;
      return row !== undefined && isAlive(row) ? row.owner : undefined;
    },
  };
}
