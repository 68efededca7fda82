import type Database from 'libsql';
import type { TaskRecord } from '../../task/record.ts';
import type { LeaseState } from '../lease-rule.ts';
import { compareRecords, identityOf, isOpen } from '../record-rules.ts';
import type { Changes, RecordFilter } from '../task-store.ts';

/** Removals are told to processes that run; older ones are of no use to anyone. */
const REMOVALS_KEPT = 10_000;

export interface Tables {
  insert(record: TaskRecord): void;
  replace(record: TaskRecord): void;
  remove(id: string): boolean;
  read(id: string): TaskRecord | undefined;
  find(prefix: string): readonly TaskRecord[];
  list(filter: RecordFilter): readonly TaskRecord[];
  settledBefore(instant: number): readonly string[];
  changesSince(sequence: number): Changes;
  lease(id: string): LeaseState | undefined;
  putLease(id: string, state: LeaseState): void;
}

interface Body {
  readonly body: string;
}

const parse = (row: unknown): TaskRecord => JSON.parse((row as Body).body) as TaskRecord;

/** The statements of the store. Writing ones belong in a transaction. */
export function createTables(db: Database.Database): Tables {
  const sql = (text: string): Database.Statement => db.prepare(text);
  const insert =
    sql(`INSERT INTO records (identity, task_id, fingerprint, open, created_at, updated_at, sequence, body, id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const replace = sql(`UPDATE records SET identity = ?, task_id = ?, fingerprint = ?, open = ?, created_at = ?,
    updated_at = ?, sequence = ?, body = ? WHERE id = ?`);
  const yieldName = sql('UPDATE records SET identity = NULL WHERE identity = ? AND open = 0 AND id <> ?');
  const remove = sql('DELETE FROM records WHERE id = ?');
  const read = sql('SELECT body FROM records WHERE id = ?');
  const findExact = sql('SELECT body FROM records WHERE id = ?1 OR task_id = ?1');
  const findPrefix = sql(`SELECT body FROM records
    WHERE substr(id, 1, length(?1)) = ?1 OR substr(task_id, 1, length(?1)) = ?1`);
  const list = sql(`SELECT body FROM records WHERE open >= ? AND (?2 IS NULL OR fingerprint = ?2)
    ORDER BY open DESC, created_at DESC, id`);
  const settledBefore = sql('SELECT id FROM records WHERE open = 0 AND updated_at < ?');
  const changed = sql('SELECT body FROM records WHERE sequence > ? ORDER BY sequence');
  const removed = sql('SELECT id FROM removals WHERE sequence > ? ORDER BY sequence');
  const sequence = sql('SELECT value FROM sequence');
  const advance = sql('UPDATE sequence SET value = value + 1 RETURNING value');
  const lease = sql('SELECT owner, fence, expires_at AS expiresAt FROM leases WHERE id = ?');
  const putLease = sql('INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)');
  const dropLease = sql('DELETE FROM leases WHERE id = ?');
  const noteRemoval = sql('INSERT OR REPLACE INTO removals VALUES (?, ?)');
  const forgetRemovals = sql('DELETE FROM removals WHERE sequence <= ?');
  const forgetRemoval = sql('DELETE FROM removals WHERE id = ?');

  const next = (): number => (advance.get() as { value: number }).value;
  const values = (record: TaskRecord): unknown[] => [
    identityOf(record) ?? null,
    record.taskId,
    record.server.fingerprint,
    Number(isOpen(record)),
    record.createdAt,
    record.updatedAt,
    next(),
    JSON.stringify(record),
    record.id,
  ];

  /** A server that gives an id again, after a restart say, means another task than the one that has ended. */
  const takeName = (record: TaskRecord): void => void yieldName.run(identityOf(record) ?? null, record.id);

  return {
    insert(record) {
      takeName(record);
      insert.run(...values(record));
      forgetRemoval.run(record.id);
    },
    replace(record) {
      takeName(record);
      replace.run(...values(record));
    },
    remove(id) {
      if (remove.run(id).changes === 0) return false;
      dropLease.run(id);
      const at = next();
      noteRemoval.run(id, at);
      forgetRemovals.run(at - REMOVALS_KEPT);
      return true;
    },
    read(id) {
      const row = read.get(id);
      return row === undefined ? undefined : parse(row);
    },
    find(prefix) {
      const exact = findExact.all(prefix);
      const rows = exact.length > 0 ? exact : findPrefix.all(prefix);
      return rows.map(parse).sort(compareRecords);
    },
    list: ({ open = false, fingerprint }) => list.all(Number(open), fingerprint ?? null).map(parse),
    settledBefore: (instant) => settledBefore.all(instant).map((row) => (row as { id: string }).id),
    changesSince(since) {
      const { value } = sequence.get() as { value: number };
      if (value === since) return { sequence: value, changed: [], removed: [] };
      const gone = since === 0 ? [] : removed.all(since).map((row) => (row as { id: string }).id);
      return { sequence: value, changed: changed.all(since).map(parse), removed: gone };
    },
    lease(id) {
      const row = lease.get(id) as LeaseState | undefined;
      return row === undefined ? undefined : { owner: row.owner, fence: row.fence, expiresAt: row.expiresAt };
    },
    putLease: (id, { owner, fence, expiresAt }) => void putLease.run(id, owner, fence, expiresAt),
  };
}
