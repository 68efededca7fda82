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
import type { ChangeFeed } from './change-feed.ts';
import { type Durability, type DurabilityLevel, levelOf } from './durability.ts';
import type { MailPoller } from './mail-poller.ts';
import type { RecordTable, StoredRow, Write } from './record-table.ts';
import { isConstraint } from './store-errors.ts';
import type { StoreFile } from './store-file.ts';

interface Parts {
  readonly file: StoreFile;
  readonly records: RecordTable;
  readonly text: RecordText;
  readonly feed: ChangeFeed;
  readonly mail: MailPoller;
  readonly durability: Durability;
}

type RecordWrites = Pick<TaskStore, 'create' | 'update' | 'updateMany' | 'remove' | 'prune'>;

const RANK: Readonly<Record<DurabilityLevel, number>> = { none: 0, sync: 1, erase: 2 };

export function createRecordWrites({ file, records, text, feed, mail, durability }: Parts): RecordWrites {
  function withConflictErrors(record: TaskRecord, write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw /records\.key\b/.test((error as Error).message)
        ? keyConflict(record, error)
        : duplicateRecord(record, error);
    }
  }

  /** The write to make; undefined if the lease was lost or the record is gone. */
  function plan(row: StoredRow | undefined, before: TaskRecord | undefined, change: Change, lease?: Lease) {
    if (row === undefined || before === undefined) return undefined;
    const held = { owner: row.owner, fence: row.fence ?? 0 };
    if (lease !== undefined && (lease.id !== row.id || !isLeaseHeld(held, lease))) return undefined;
    const after = change(before);
    assertSameRecord(before, after);
    return { before, after, lease };
  }

  /** Writes that settle older records whose task id the server gave to this record. */
  function supersededBy({ before, after, lease }: Write): readonly Write[] {
    if (!assignsTaskId(before, after)) return [];
    return records.namesakes(after).flatMap((row): Write[] => {
      const parsed = text.parse(row.body);
      if (parsed.kind !== 'record' || !isSuperseded(parsed.record, after, row.owner, lease?.owner)) return [];
      return [{ before: parsed.record, after: settleSuperseded(parsed.record, after), lease: undefined }];
    });
  }

  /** Saves the writes, and the older records that they settle. */
  function saveAll(writes: readonly Write[]): readonly Write[] {
    const [first] = writes;
    if (first === undefined) return writes;
    const written = new Set(writes.map(({ after }) => after.id));
    const older = writes.flatMap(supersededBy).filter(({ after }) => !written.has(after.id));
    const sequence = feed.advance();
    if (older.length > 0) records.replace(older, sequence);
    withConflictErrors(first.after, () => records.replace(writes, sequence));
    return [...older, ...writes];
  }

  async function awaitDurability(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    mail.noteWrite(writes.every(({ lease }) => lease !== undefined) ? 'own' : 'mail');
    const levels = writes.map(({ before, after }) => levelOf(before, after));
    await durability.reach(levels.reduce((most, each) => (RANK[each] > RANK[most] ? each : most), 'none'));
  }

  function removeRecord(id: string): boolean {
    if (records.read(id) === undefined) return false;
    feed.noteRemoval(id, feed.advance());
    return records.remove(id);
  }

  return {
    async create(record, owner) {
      await file.write(() => {
        withConflictErrors(record, () => records.insert(record, feed.advance(), owner));
        feed.forgetRemoval(record.id);
      });
      mail.noteWrite('mail');
      await file.read(() => durability.reach('sync'));
    },
    async update(id, change, lease) {
      const [saved, writes] = await file.write(() => {
        const row = records.read(id);
        const write = plan(row, row && text.read(row), change, lease);
        const isChanged = write !== undefined && write.after !== write.before;
        return [write?.after, isChanged ? saveAll([write]) : []] as const;
      });
      if (writes.length > 0) await file.read(() => awaitDurability(writes));
      return saved;
    },
    async updateMany(steps) {
      if (steps.length === 0) return [];
      const [saved, writes] = await file.write(() => {
        const rows = records.readMany(steps.map(({ id }) => id));
        const newest = new Map<string, TaskRecord>();
        const planned = steps.map(({ id, change, lease }) => {
          const row = rows.get(id);
          const write = plan(row, newest.get(id) ?? (row && text.read(row)), change, lease);
          if (write !== undefined) newest.set(id, write.after);
          return write;
        });
        const changed = planned.filter((write): write is NonNullable<typeof write> => {
          return write !== undefined && write.after !== write.before;
        });
        return [planned.map((write) => write?.after), saveAll(changed)] as const;
      });
      await file.read(() => awaitDurability(writes));
      return saved;
    },
    async remove(id) {
      const removed = await file.write(() => removeRecord(id));
      if (removed) mail.noteWrite('mail');
      return removed;
    },
    async prune(before) {
      const count = await file.write(() => records.settledBefore(before).filter(removeRecord).length);
      if (count > 0) mail.noteWrite('mail');
      if (count > 0) await file.read(() => shrinkFile(file, durability));
      return count;
    },
  };
}

const INCREMENTAL = 2;

/** Shrinks the file by the deleted content; a file of an old version is rewritten once. */
function shrinkFile({ db }: StoreFile, durability: Durability): void {
  const { auto_vacuum: mode } = db.prepare('PRAGMA auto_vacuum').get() as { auto_vacuum: number };
  try {
    if (mode === INCREMENTAL) db.prepare('PRAGMA incremental_vacuum').all();
    else db.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
  } catch {
    return; // another process writes: the next pruning frees the space
  }
  durability.erase();
}
