import { join } from 'node:path';
import type Database from 'libsql';
import { TaskError } from '../../errors.ts';
import type { TaskRecord } from '../../task/record.ts';
import { isLeaseHeld, planLease } from '../lease-rule.ts';
import { assertSameRecord, duplicateRecord } from '../record-rules.ts';
import type { Changes, RecordFilter, TaskStore, TimedLease } from '../task-store.ts';
import { type Checkpoint, checkpoint, planCheckpoint } from './checkpoint.ts';
import { openDatabase } from './open-database.ts';
import { isOwnerDead, processOwner } from './process-owner.ts';
import { isConstraint, storeError } from './store-errors.ts';
import { createTables } from './tables.ts';
import { transact } from './transact.ts';

/** Where the records live, and who is told of trouble with them. */
export interface OpenSqliteStoreOptions {
  /** Where `tasks.db` lives; made, with mode 0700, when it is not there. */
  readonly directory: string;
  /** Told in words what a person should know, such as a damaged file that was moved aside. @default nobody is told */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** A store that says where its file is. */
export interface SqliteStore extends TaskStore {
  /** The path of the database; beside it lie the files of its write-ahead log. */
  readonly file: string;
}

/**
 * Records in one SQLite file, safe under many processes of this user.
 * @throws {TaskError} `store-unwritable`, `store-too-new`
 */
export async function openSqliteStore(options: OpenSqliteStoreOptions): Promise<SqliteStore> {
  const { directory, onNotice = () => undefined } = options;
  const file = join(directory, 'tasks.db');
  const db: Database.Database = openDatabase(file, onNotice);
  const tables = createTables(db);

  /** Runs against the database; its errors become the store's. */
  async function run<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw storeError(error, directory);
    }
  }

  function save(record: TaskRecord, write: () => void): void {
    try {
      write();
    } catch (error) {
      throw isConstraint(error) ? duplicateRecord(record, error) : error;
    }
  }

  return {
    file,
    newOwner: processOwner,
    create: (record) =>
      run(() => {
        transact(db, () => save(record, () => tables.insert(record)));
        checkpoint(db, 'sync');
      }),
    read: (id) => run(() => tables.read(id)),
    find: (prefix) => run(() => tables.find(prefix)),
    list: (filter: RecordFilter = {}) => run(() => tables.list(filter)),
    update: (id, change, lease) =>
      run(() => {
        let plan: Checkpoint = 'none';
        const saved = transact(db, () => {
          const before = tables.read(id);
          if (before === undefined) return undefined;
          if (lease !== undefined && (lease.id !== id || !isLeaseHeld(tables.lease(id), lease))) return undefined;
          const after = change(before);
          if (after === before) return before;
          assertSameRecord(before, after);
          save(after, () => tables.replace(after));
          plan = planCheckpoint(before, after);
          return after;
        });
        checkpoint(db, plan);
        return saved;
      }),
    acquireLease: (id, owner, now, durationMs) =>
      run(() =>
        transact(db, (): TimedLease | undefined => {
          const state = planLease(tables.lease(id), { owner, now, durationMs }, isOwnerDead);
          if (state === undefined) return undefined;
          tables.putLease(id, state);
          return { id, ...state };
        }),
      ),
    releaseLease: (lease) =>
      run(() =>
        transact(db, () => {
          if (!isLeaseHeld(tables.lease(lease.id), lease)) return;
          tables.putLease(lease.id, { owner: null, fence: lease.fence, expiresAt: 0 });
        }),
      ),
    leaseOf: (id) =>
      run((): TimedLease | undefined => {
        const held = tables.lease(id);
        if (held === undefined || held.owner === null) return undefined;
        return { id, owner: held.owner, fence: held.fence, expiresAt: held.expiresAt ?? Number.MAX_SAFE_INTEGER };
      }),
    lookUp: () => notYet(),
    listPage: () => notYet(),
    updateMany: () => notYet(),
    renew: () => notYet(),
    claim: () => notYet(),
    release: () => notYet(),
    leave: () => notYet(),
    owners: () => notYet(),
    ownerOf: () => notYet(),
    onMail: () => () => undefined,
    changesSince: (sequence) => run((): Changes => tables.changesSince(sequence)),
    remove: (id) => run(() => transact(db, () => tables.remove(id))),
    prune: (before) =>
      run(() =>
        transact(db, () => {
          const past = tables.settledBefore(before);
          for (const id of past) tables.remove(id);
          return past.length;
        }),
      ),
    close: () =>
      run(() => {
        if (!db.open) return;
        checkpoint(db, 'erase');
        db.close();
      }),
  };
}

async function notYet(): Promise<never> {
  throw new TaskError('unsupported', 'This store cannot do that yet');
}
