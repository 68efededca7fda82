import type Database from 'libsql';
import { createStatement, type Statement } from './statement.ts';

/** Removals are told to processes that run; older ones are of no use to anyone. */
const REMOVALS_KEPT = 10_000;
/** More changed records than this are not named one by one. */
export const NAMED_CHANGES = 1_000;

/** What was written since a sequence; `ids` is undefined when there is too much to name. */
export interface News {
  readonly sequence: number;
  readonly ids: readonly string[] | undefined;
}

export interface ChangeFeed {
  /** The next number; belongs in a transaction. */
  advance(): number;
  sequence(): number;
  noteRemoval(id: string, sequence: number): void;
  forgetRemoval(id: string): void;
  /** Of the tasks of this owner: what others wrote. */
  mailOf(owner: string, since: number): News;
  /** Of all tasks: every write, removal and release. */
  newsSince(since: number): News;
}

/** Each write gets a number that grows, by which every process finds what it has not seen. */
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
  const named = (rows: readonly unknown[]) => (rows.length > NAMED_CHANGES ? undefined : idsOf(rows));

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
      return { sequence: at, ids: at === since ? [] : named(mail.all(since, owner, NAMED_CHANGES + 1)) };
    },
    newsSince(since) {
      const at = sequence();
      return { sequence: at, ids: at === since ? [] : named(news.all(since, NAMED_CHANGES + 1)) };
    },
  };
}
