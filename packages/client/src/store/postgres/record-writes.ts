import type { TaskRecord } from '../../task/record.ts';
import { isLeaseHeld } from '../lease-rule.ts';
import {
  assertSameRecord,
  assignsTaskId,
  duplicateRecord,
  isSuperseded,
  keyConflict,
  settleSuperseded,
} from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Change, Lease, TaskStore } from '../task-store.ts';
import type { Database, Query } from './database.ts';
import type { RecordTable, StoredRow, Write, Written } from './record-table.ts';
import type { Reports } from './reports.ts';
import { violatedIndex } from './store-errors.ts';
import type { UnconfirmedClaims } from './unconfirmed-claims.ts';

/** Number of optimistic attempts before the record is locked. */
const UNLOCKED_ATTEMPTS = 3;

interface Wanted {
  readonly id: string;
  readonly change: Change;
  readonly lease?: Lease | undefined;
}

interface Plan {
  /** For each step the new record; undefined if the lease was lost or the record is gone. */
  readonly saved: readonly (TaskRecord | undefined)[];
  /** One write per changed record. */
  readonly writes: readonly Write[];
}

function plan(wanted: readonly Wanted[], rows: ReadonlyMap<string, StoredRow>, text: RecordText): Plan {
  const writes = new Map<string, Write>();
  const saved = wanted.map(({ id, change, lease }) => {
    const row = rows.get(id);
    if (row === undefined || (lease !== undefined && (lease.id !== id || !isLeaseHeld(row, lease)))) return undefined;
    const earlier = writes.get(id);
    const before = earlier?.before ?? text.read(row);
    const after = change(earlier?.after ?? before);
    assertSameRecord(before, after);
    writes.set(id, { row, before, after, lease: lease ?? earlier?.lease });
    return after;
  });
  return { saved, writes: [...writes.values()].filter(({ before, after }) => before !== after) };
}

export function createRecordWrites(
  database: Database,
  table: RecordTable,
  text: RecordText,
  { reports, unconfirmed }: { readonly reports: Reports; readonly unconfirmed: UnconfirmedClaims },
): Pick<TaskStore, 'create' | 'update' | 'updateMany'> {
  /** Writes that settle older records whose task id the server gave to this record. */
  async function supersededBy(query: Query, { before, after, lease }: Write): Promise<readonly Write[]> {
    if (!assignsTaskId(before, after)) return [];
    return (await table.namesakes(query, after)).flatMap((row): Write[] => {
      const parsed = text.parse(row.body);
      if (parsed.kind !== 'record' || !isSuperseded(parsed.record, after, row.owner, lease?.owner)) return [];
      return [{ row, before: parsed.record, after: settleSuperseded(parsed.record, after), lease: undefined }];
    });
  }

  async function withConflictErrors<T>(record: TaskRecord | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const index = violatedIndex(error);
      if (index === undefined || record === undefined) throw error;
      throw index === 'records_by_call_key' ? keyConflict(record, error) : duplicateRecord(record, error);
    }
  }

  /** One transaction on locked records: succeeds without another attempt, and can settle older records. */
  async function writeLocked(wanted: readonly Wanted[]): Promise<Plan & { readonly written: readonly Written[] }> {
    return database.transact(async (query) => {
      const rows = await table.read(
        query,
        wanted.map(({ id }) => id),
        'FOR UPDATE',
      );
      const { saved, writes } = plan(wanted, rows, text);
      const ids = new Set(writes.map(({ after }) => after.id));
      const older: Write[] = [];
      for (const write of writes) older.push(...(await supersededBy(query, write)));
      const ended = older.filter(({ after }) => !ids.has(after.id));
      const first = ended.length > 0 ? await table.replace(query, ended) : [];
      const then =
        writes.length > 0 ? await withConflictErrors(writes[0]?.after, () => table.replace(query, writes)) : [];
      return { saved, writes: [...ended, ...writes], written: [...first, ...then] };
    });
  }

  async function write(wanted: readonly Wanted[], attempt = 0): Promise<readonly (TaskRecord | undefined)[]> {
    const rows = await table.read(
      database.query,
      wanted.map(({ id }) => id),
    );
    const planned = plan(wanted, rows, text);
    const { saved, writes } = planned;
    if (writes.length === 0) return saved;
    if (attempt === UNLOCKED_ATTEMPTS || writes.some(({ before, after }) => assignsTaskId(before, after))) {
      const locked = await writeLocked(wanted);
      reports.written(locked.writes, locked.written);
      return locked.saved;
    }
    const done = await withConflictErrors(writes[0]?.after, () => table.replace(database.query, writes));
    reports.written(writes, done);
    if (done.length === writes.length) return saved;
    // Another process wrote to these in between, or took their lease: read them again.
    const missed = new Set(writes.map(({ after }) => after.id));
    for (const { id } of done) missed.delete(id);
    const again = await write(
      wanted.filter(({ id }) => missed.has(id)),
      attempt + 1,
    );
    const rest = [...again];
    return wanted.map(({ id }, index) => (missed.has(id) ? rest.shift() : saved[index]));
  }

  return {
    async create(record, owner?: string) {
      const insert = (attempt?: string) => table.insert(database.query, record, owner, attempt);
      await withConflictErrors(record, () =>
        owner === undefined ? insert() : unconfirmed.attempt({ owner, kind: 'create' }, insert),
      );
      reports.listChanged();
    },
    update: async (id, change, lease) => (await write([{ id, change, lease }]))[0],
    updateMany: async (steps) => (steps.length === 0 ? [] : write(steps)),
  };
}
