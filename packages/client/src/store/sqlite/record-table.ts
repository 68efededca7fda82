import type Database from 'libsql';
import type { TaskRecord } from '../../task/record.ts';
import { dutyOf, isOpen } from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Lease } from '../task-store.ts';
import { columnsOf, isSameColumns } from './record-columns.ts';
import { createStatement, type Statement } from './statement.ts';

/** A stored record, with its lease. */
export interface StoredRow {
  readonly id: string;
  readonly body: string;
  readonly owner: string | null;
  readonly fence: number | null;
}

export interface Write {
  readonly before: TaskRecord;
  readonly after: TaskRecord;
  readonly lease: Lease | undefined;
}

export interface RecordTable {
  /** A living owner gets the lease of the new record. */
  insert(record: TaskRecord, sequence: number, owner?: string | null): void;
  /** Makes many writes in few statements. */
  replace(writes: readonly Write[], sequence: number): void;
  read(id: string): StoredRow | undefined;
  readMany(ids: readonly string[]): ReadonlyMap<string, StoredRow>;
  /** Other open records with the same server and task id. */
  namesakes(record: TaskRecord): readonly StoredRow[];
  remove(id: string): boolean;
  /** Ids of settled records; those of a newer version are left out. */
  settledBefore(instant: number): readonly string[];
}

/** Longer bodies are written alone, not in a batch. In UTF-16 units. */
const BATCHED_LENGTH = 65_536;

function isLeasable(record: TaskRecord): boolean {
  return isOpen(record) || dutyOf(record) !== undefined;
}

/** Merges writes to one record: the later one was made from the earlier one. */
function onePerRecord(writes: readonly Write[]): readonly Write[] {
  const merged = new Map<string, Write>();
  for (const write of writes) {
    const earlier = merged.get(write.after.id);
    const lease = earlier !== undefined && earlier.lease === undefined ? undefined : write.lease;
    merged.set(write.after.id, earlier === undefined ? write : { before: earlier.before, after: write.after, lease });
  }
  return [...merged.values()];
}

/** Statements that read and write single records. Call the writing ones inside a transaction. */
export function createRecordTable(db: Database.Database, text: RecordText): RecordTable {
  const sql = (statement: string): Statement => createStatement(db, statement);
  const insert = sql(`INSERT INTO records (identity, task_id, fingerprint, account, key, labels, open, asking,
    duty, created_at, updated_at, next_poll_at, sequence, mailed, body, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const replace = sql(`UPDATE records SET identity = ?, task_id = ?, fingerprint = ?, account = ?, key = ?, labels = ?,
    open = ?, asking = ?, duty = ?, created_at = ?, updated_at = ?, next_poll_at = ?, sequence = ?, mailed = coalesce(?, mailed),
    body = ? WHERE id = ?`);
  const replaceMany = sql(`UPDATE records SET identity = n.value ->> 1, task_id = n.value ->> 2,
    fingerprint = n.value ->> 3, account = n.value ->> 4, key = n.value ->> 5, labels = n.value ->> 6,
    open = n.value ->> 7, asking = n.value ->> 8, duty = n.value ->> 9, created_at = n.value ->> 10,
    updated_at = n.value ->> 11, next_poll_at = n.value ->> 12, sequence = n.value ->> 13,
    mailed = coalesce(n.value ->> 14, mailed), body = n.value ->> 15
    FROM json_each(?) n WHERE records.id = n.value ->> 0`);
  const replaceBodies = sql(`UPDATE records SET updated_at = n.value ->> 1, next_poll_at = n.value ->> 2,
    sequence = ?1, body = n.value ->> 3 FROM json_each(?2) n WHERE records.id = n.value ->> 0`);
  const addLease = sql(`INSERT INTO leases (id, owner, fence, fingerprint, sequence)
    SELECT ?1, max(o.owner), count(o.owner), ?2, 0 FROM (SELECT 1) LEFT JOIN owners o ON o.owner = ?3
    WHERE true ON CONFLICT (id) DO NOTHING`);
  const dropLease = sql('DELETE FROM leases WHERE id = ?');
  const dropFreeLease = sql('DELETE FROM leases WHERE id = ? AND owner IS NULL');
  const remove = sql('DELETE FROM records WHERE id = ?');
  const read = sql(`SELECT r.id, r.body, l.owner, l.fence FROM records r LEFT JOIN leases l ON l.id = r.id
    WHERE r.id = ?`);
  const readMany = sql(`SELECT r.id, r.body, l.owner, l.fence FROM json_each(?) s JOIN records r ON r.id = s.value
    LEFT JOIN leases l ON l.id = r.id`);
  const namesakes = sql(`SELECT r.id, r.body, l.owner, l.fence FROM records r LEFT JOIN leases l ON l.id = r.id
    WHERE r.task_id = ? AND r.fingerprint = ? AND r.open = 1 AND r.id <> ?`);
  const settledBefore = sql(`SELECT id, body FROM records INDEXED BY records_settled
    WHERE open = 0 AND updated_at < ?`);

  function values(record: TaskRecord, body: string, sequence: number, mailed: number | null): unknown[] {
    const { identity, taskId, fingerprint, account, key, labels, open, asking, duty, createdAt } = columnsOf(record);
    const { updatedAt, nextPollAt = null } = record;
    const found = [identity, taskId, fingerprint, account, key, labels, open, asking, duty, createdAt];
    return [...found, updatedAt, nextPollAt, sequence, mailed, body];
  }

  /** A held lease stays until its release, even if its record needs no more work. */
  function adjustLease({ before, after, lease }: Write): void {
    if (isLeasable(before) === isLeasable(after)) return;
    if (isLeasable(after)) addLease.run(after.id, after.server.fingerprint, null);
    else if (lease === undefined) dropFreeLease.run(after.id);
  }

  return {
    insert(record, sequence, owner = null) {
      insert.run(...values(record, text.format(record), sequence, null), record.id);
      if (isLeasable(record)) addLease.run(record.id, record.server.fingerprint, owner);
    },
    replace(writes, sequence) {
      const each = onePerRecord(writes);
      const [light, heavy]: [string[], string[]] = [[], []];
      for (const { before, after, lease } of each) {
        const body = text.format(after);
        const mailed = lease === undefined ? sequence : null;
        if (each.length === 1 || body.length > BATCHED_LENGTH) {
          replace.run(...values(after, body, sequence, mailed), after.id);
        } else if (lease !== undefined && isSameColumns(columnsOf(before), columnsOf(after))) {
          light.push(JSON.stringify([after.id, after.updatedAt, after.nextPollAt ?? null, body]));
        } else {
          heavy.push(JSON.stringify([after.id, ...values(after, body, sequence, mailed)]));
        }
      }
      if (heavy.length > 0) replaceMany.run(`[${heavy.join(',')}]`);
      if (light.length > 0) replaceBodies.run(sequence, `[${light.join(',')}]`);
      each.forEach(adjustLease);
    },
    read: (id) => read.get(id) as StoredRow | undefined,
    readMany(ids) {
      const rows = readMany.all(JSON.stringify([...new Set(ids)])) as StoredRow[];
      return new Map(rows.map((row) => [row.id, row]));
    },
    namesakes: ({ taskId, server, id }) => namesakes.all(taskId, server.fingerprint, id) as StoredRow[],
    remove(id) {
      if (remove.run(id).changes === 0) return false;
      dropLease.run(id);
      return true;
    },
    settledBefore(instant) {
      const ids: string[] = [];
      for (const row of settledBefore.iterate(instant)) {
        const { id, body } = row as { readonly id: string; readonly body: string };
        if (text.parse(body).kind === 'record') ids.push(id);
      }
      return ids;
    },
  };
}
