import type Database from 'libsql';
import { createStatement, type Statement } from './statement.ts';

/** Number of removals kept for running processes; older ones have been read. */
const REMOVALS_KEPT = 10_000;
/** Limit of ids in one report; above it, `ids` is undefined. */
export const NAMED_CHANGES = 1_000;

/** Writes since a sequence number; `ids` is undefined above the limit. */
export interface News {
  readonly sequence: number;
  readonly ids: readonly string[] | undefined;
}

export interface ChangeFeed {
  /** Increments the sequence; call it inside a transaction. */
  advance(): number;
  sequence(): number;
  noteRemoval(id: string, sequence: number): void;
  forgetRemoval(id: string): void;
  /** Writes by others to tasks of this owner. */
  mailOf(owner: string, since: number): News;
  /** Every write, removal and release of all tasks. */
  newsSince(since: number): News;
}

/** Numbers each write, so that every process finds the writes it has not read. */
export function createChangeFeed(db: Database.Database): ChangeFeed {
  const sql = (text: string): Statement => createStatement(db, text);
  const value = sql('SELECT value FROM sequence');
  const advance = sql('UPDATE sequence SET value = value + 1 RETURNING value');
  const noteRemoval = sql(`INSERT OR REPLACE INTO removals (id, owner, sequence)
    VALUES (?1, (SELECT owner FROM leases WHERE id = ?1), ?2)`);
  const forgetRemovals = sql('DELETE FROM removals WHERE sequence <= ?');
  const forgetRemoval = sql('DELETE FROM removals WHERE id = ?');
  const mail = sql(`SELECT r.id FROM records r JOIN leases l ON l.id = r.id WHERE r.mailed > ?1 AND l.owner = ?2
    UNION SELECT id FROM removals WHERE sequence > ?1 AND owner = ?2 LIMIT ?3`);
  const news =
    sql(`SELECT id FROM records WHERE sequence > ?1 UNION SELECT id FROM leases WHERE sequence > 0 AND sequence > ?1
    UNION SELECT id FROM removals WHERE sequence > ?1 LIMIT ?2`);

  const sequence = (): number => (value.get() as { value: number }).value;
  const idsOf = (rows: readonly unknown[]): readonly string[] => rows.map((row) => (row as { id: string }).id);
  const idsWithinLimit = (rows: readonly unknown[]) => (rows.length > NAMED_CHANGES ? undefined : idsOf(rows));

  return {
    advance: () => (advance.get() as { value: number }).value,
    sequence,
    noteRemoval(id, at) {
      noteRemoval.run(id, at);
      forgetRemovals.run(at - REMOVALS_KEPT);
    },
    forgetRemoval: (id) => void forgetRemoval.run(id),
    mailOf(owner, since) {
      const at = sequence();
      return { sequence: at, ids: at === since ? [] : idsWithinLimit(mail.all(since, owner, NAMED_CHANGES + 1)) };
    },
    newsSince(since) {
      const at = sequence();
      return { sequence: at, ids: at === since ? [] : idsWithinLimit(news.all(since, NAMED_CHANGES + 1)) };
    },
  };
}
