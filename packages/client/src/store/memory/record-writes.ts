import type { TaskRecord } from '../../task/record.ts';
import {
  assertSameRecord,
  assignsTaskId,
  duplicateRecord,
  isOpen,
  isSuperseded,
  settleSuperseded,
} from '../record-rules.ts';
import type { Change, Lease, TaskStore } from '../task-store.ts';
import type { Leases } from './leases.ts';
import type { Mail } from './mail.ts';
import type { Owners } from './owners.ts';
import type { Records } from './records.ts';

interface Parts {
  readonly records: Records;
  readonly leases: Leases;
  readonly owners: Owners;
  readonly mail: Mail;
}

/** A write that its lease allows. */
interface Planned {
  readonly before: TaskRecord;
  readonly after: TaskRecord;
  readonly writer: string | undefined;
}

type RecordWrites = Pick<TaskStore, 'create' | 'update' | 'updateMany' | 'remove' | 'prune'>;

/** The store's methods that write records. */
export function createRecordWrites({ records, leases, owners, mail }: Parts): RecordWrites {
  function deliver(id: string, writer?: string): void {
    mail.deliver({ id, holder: leases.holderOf(id), writer });
  }

  function put(record: TaskRecord, before: TaskRecord, writer?: string): void {
    records.put(record, before);
    deliver(record.id, writer);
  }

  function drop(record: TaskRecord): void {
    deliver(record.id);
    records.drop(record);
    leases.delete(record.id);
  }

  /** The write to make; undefined if the lease was lost or the record is gone. */
  function plan(id: string, change: Change, lease: Lease | undefined): Planned | undefined {
    const before = records.get(id);
    if (before === undefined) return undefined;
    if (lease !== undefined && (lease.id !== id || !leases.isHeld(lease))) return undefined;
    const after = change(before);
    assertSameRecord(before, after);
    return { before, after, writer: lease?.owner };
  }

  /** Older records whose task id the server gave to this record. */
  function superseded({ before, after, writer }: Planned): readonly TaskRecord[] {
    if (!assignsTaskId(before, after)) return [];
    return records
      .named(after.taskId ?? '')
      .filter((older) => isSuperseded(older, after, leases.livingHolderOf(older.id), writer));
  }

  function write(planned: Planned): TaskRecord {
    const { before, after, writer } = planned;
    for (const older of superseded(planned)) put(settleSuperseded(older, after), older);
    if (after !== before) put(after, before, writer);
    return after;
  }

  return {
    async create(record, owner) {
      if (records.get(record.id) !== undefined) throw duplicateRecord(record);
      records.put(record);
      if (owner !== undefined && owners.isAlive(owner) && isOpen(record)) {
        leases.claim({ owner, limit: 1, ids: [record.id] }, [record]);
      }
      deliver(record.id, owner);
    },
    async update(id, change, lease) {
      const planned = plan(id, change, lease);
      return planned && write(planned);
    },
    async updateMany(steps) {
      const undo: (() => void)[] = [];
      try {
        return steps.map(({ id, change, lease }) => {
          const planned = plan(id, change, lease);
          if (planned === undefined) return undefined;
          const saved = write(planned);
          undo.push(() => records.put(planned.before, planned.after));
          return saved;
        });
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw error;
      }
    },
    async remove(id) {
      const record = records.get(id);
      if (record !== undefined) drop(record);
      return record !== undefined;
    },
    async prune(before) {
      const past = records.all().filter((record) => !isOpen(record) && record.updatedAt < before);
      past.forEach(drop);
      return past.length;
    },
  };
}
