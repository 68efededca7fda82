import type { TaskRecord } from '../../task/record.ts';
import { isMilestone } from '../milestone.ts';
import type { RecordText } from '../record-text.ts';
import type { Lease } from '../task-store.ts';
import type { Database, Query } from './database.ts';
import { columnsOf, TASK_ID_LENGTH } from './record-columns.ts';

/** A stored record, with its lease. */
export interface StoredRow {
  readonly id: string;
  readonly body: string;
  readonly owner: string | null;
  readonly fence: number;
  /** Grows with each write. */
  readonly revision: number;
}

/** A write decided on a row as it was read. */
export interface Write {
  readonly row: StoredRow;
  readonly before: TaskRecord;
  readonly after: TaskRecord;
  readonly lease: Lease | undefined;
}

export interface Written {
  readonly id: string;
  /** Owner of the task that got mail, since another process wrote. */
  readonly mailed: string | null;
}

/** Statements that read and write single records. */
export interface RecordTable {
  /** `attempt`: name by which the record is found if the response is lost. */
  insert(query: Query, record: TaskRecord, owner: string | undefined, attempt: string | undefined): Promise<void>;
  /** Writes, in one statement, the rows that are unchanged since they were read; returns those. */
  replace(query: Query, writes: readonly Write[]): Promise<readonly Written[]>;
  read(query: Query, ids: readonly string[], lock?: 'FOR UPDATE'): Promise<ReadonlyMap<string, StoredRow>>;
  /** Other open records with the same server and task id, locked. */
  namesakes(query: Query, record: TaskRecord): Promise<readonly StoredRow[]>;
}

const ROW = 'id, body, owner, fence, revision';

/** True if only the polling times changed: no listener is notified. */
function isQuiet(before: TaskRecord, after: TaskRecord): boolean {
  const moved = (name: keyof TaskRecord) => name === 'nextPollAt' || name === 'observedAt';
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof TaskRecord>;
  return [...names].every((name) => moved(name) || before[name] === after[name]);
}

function values({ row, before, after, lease }: Write, text: RecordText): readonly unknown[] {
  const found = columnsOf(after);
  const held = [lease?.owner ?? null, lease?.fence ?? null, isQuiet(before, after)];
  const { identity, taskId, fingerprint, account, key, callKey, labels, open, asking, duty } = found;
  const columns = [identity, taskId, fingerprint, account, key, callKey, labels, open, asking, duty];
  const instants = [found.createdAt, found.updatedAt, found.nextPollAt];
  return [after.id, row.revision, ...held, ...columns, ...instants, text.format(after), found.audience];
}

export function createRecordTable({ schema, tenant }: Database, text: RecordText): RecordTable {
  const insert = `WITH holder AS MATERIALIZED
      (SELECT owner FROM ${schema}.workers WHERE tenant = $1 AND owner = $16 FOR KEY SHARE)
    INSERT INTO ${schema}.records (tenant, id, identity, task_id, fingerprint, account, key, call_key, labels, open,
      asking, duty, created_at, updated_at, next_poll_at, body, audience, claim, owner, fence, changed_at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, string_to_array($9, ' '), $10, $11, $12, $13, $14, $15, $17, string_to_array($18, ' '), $19,
      (SELECT owner FROM holder), (SELECT count(*)::int FROM holder), ${schema}.now_ms()`;
  // `synchronous_commit` is off unless a write must survive a power loss.
  const replace = `WITH mode AS MATERIALIZED (SELECT CASE WHEN $2 THEN '' ELSE
      set_config('synchronous_commit', 'off', true) END AS set),
    written AS (UPDATE ${schema}.records r SET identity = n.identity, task_id = n.task_id, fingerprint = n.fingerprint,
      account = n.account, key = n.key, call_key = n.call_key, labels = string_to_array(n.labels, ' '), open = n.open,
      asking = n.asking, duty = n.duty, created_at = n.created_at, updated_at = n.updated_at, next_poll_at = n.next_poll_at,
      body = n.body, audience = string_to_array(n.audience, ' '), revision = r.revision + 1,
      changed_at = CASE WHEN n.quiet THEN r.changed_at ELSE ${schema}.now_ms() END
    FROM mode, unnest($3::text[], $4::int[], $5::text[], $6::int[], $7::bool[], $8::text[], $9::text[], $10::text[],
      $11::text[], $12::text[], $13::text[], $14::text[], $15::bool[], $16::bool[], $17::text[], $18::float8[],
      $19::float8[], $20::float8[], $21::text[], $22::text[])
      AS n(id, revision, owner, fence, quiet, identity, task_id, fingerprint, account, key, call_key, labels, open,
        asking, duty, created_at, updated_at, next_poll_at, body, audience)
    WHERE mode.set IS NOT NULL AND r.tenant = $1 AND r.id = n.id AND r.revision = n.revision
      AND (n.owner IS NULL OR (r.owner = n.owner AND r.fence = n.fence))
    RETURNING r.id, CASE WHEN n.owner IS NULL THEN r.owner END AS mailed),
    posted AS (INSERT INTO ${schema}.mail (tenant, owner, id, posted_at)
      SELECT $1, mailed, id, ${schema}.now_ms() FROM written WHERE mailed IS NOT NULL)
    SELECT id, mailed FROM written`;
  const read = `SELECT ${ROW} FROM ${schema}.records WHERE tenant = $1 AND id = ANY($2) ORDER BY id`;
  const namesakes = `SELECT ${ROW} FROM ${schema}.records
    WHERE tenant = $1 AND task_id = $2 AND fingerprint = $3 AND open AND id <> $4 ORDER BY id FOR UPDATE`;

  return {
    async insert(query, record, owner, attempt) {
      const { identity, taskId, fingerprint, account, key, callKey, labels, open, asking, duty, ...at } =
        columnsOf(record);
      const columns = [identity, taskId, fingerprint, account, key, callKey, labels, open, asking, duty];
      const instants = [at.createdAt, at.updatedAt, at.nextPollAt];
      await query(insert, [
        tenant,
        record.id,
        ...columns,
        ...instants,
        owner ?? null,
        text.format(record),
        at.audience,
        attempt ?? null,
      ]);
    },
    async replace(query, writes) {
      const isDurable = writes.some(({ before, after }) => isMilestone(before, after));
      const rows = writes.map((write) => values(write, text));
      const columns = (rows[0] ?? []).map((_, index) => rows.map((row) => row[index]));
      return query<Written>(replace, [tenant, isDurable, ...columns]);
    },
    async read(query, ids, lock) {
      const locking = lock === undefined ? read : `${read} ${lock}`;
      const rows = await query<StoredRow>(locking, [tenant, [...new Set(ids)]]);
      return new Map(rows.map((row) => [row.id, row]));
    },
    namesakes(query, { taskId, server, id }) {
      return query<StoredRow>(namesakes, [tenant, taskId?.slice(0, TASK_ID_LENGTH), server.fingerprint, id]);
    },
  };
}
