import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { isOwnerDead, processOwner } from '../process-owner.ts';
import { createRecordText, type RecordCodec } from '../record-text.ts';
import type { TaskStore } from '../task-store.ts';
import { createChangeFeed } from './change-feed.ts';
import { createDurability } from './durability.ts';
import { createLeaseTable } from './lease-table.ts';
import { createMailPoller } from './mail-poller.ts';
import { createOwnerTable } from './owner-table.ts';
import { createOwnership } from './ownership.ts';
import { createRecordSearch } from './record-search.ts';
import { createRecordTable } from './record-table.ts';
import { createRecordWrites } from './record-writes.ts';
import { openStoreFile } from './store-file.ts';

/** Options of a SQLite store. */
export interface OpenSqliteStoreOptions {
  /** Directory of `tasks.db`; created with mode 0700 if missing. */
  readonly directory: string;
  /** Receives notices for a person, such as a damaged file that was moved aside. @default not called */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** Clock of heartbeats and mail polling, for tests; equal in all processes on a store. @default the system clock */
  readonly clock?: Pick<Clock, 'now' | 'schedule'> | undefined;
  /** Transforms each record's text for storage. @default plain text */
  readonly codec?: RecordCodec | undefined;
  /** True: calls, answers, cancels and ends survive a power loss, and not only a crash of the process. @default true */
  readonly durable?: boolean | undefined;
}

/** A store with the path of its file. */
export interface SqliteStore extends TaskStore {
  /**
   * Path of the database; the files of its write-ahead log are beside it. Copy it in another process: on POSIX systems a
   * read of the file by `node:fs` drops the locks of its own process, and others may then delete the log in use.
   */
  readonly file: string;
}

const SYSTEM: Pick<Clock, 'now' | 'schedule'> = {
  now: Date.now,
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Opens a store in one SQLite file, safe for many processes of one user.
 * @throws {TaskError} `store-unwritable`, `store-too-new`, `store-unsafe`
 * @example
 * import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
 *
 * const store = await openSqliteStore({ directory: './state', onNotice: (text) => console.warn(text) });
 */
export async function openSqliteStore(options: OpenSqliteStoreOptions): Promise<SqliteStore> {
  const { directory, onNotice = () => undefined, clock = SYSTEM, durable = true, codec } = options;
  const now = (): number => clock.now();
  const file = openStoreFile(join(directory, 'tasks.db'), onNotice);
  const { db } = file;
  const text = createRecordText(codec);
  const records = createRecordTable(db, text);
  const search = createRecordSearch(db, text);
  const leases = createLeaseTable(db, text);
  const owners = createOwnerTable(db, now, isOwnerDead);
  const feed = createChangeFeed(db);
  const mail = createMailPoller(db, feed, file.assertInPlace, clock.schedule);
  const durability = createDurability(db, file.file, durable);
  const { leaveAll, ...ownership } = createOwnership({ file, owners, leases, feed, mail });

  async function close(): Promise<void> {
    if (!db.open) return;
    mail.stop();
    await leaveAll().catch(() => undefined); // on failure they expire a little later
    durability.erase();
    durability.close();
    db.close();
  }

  return {
    file: file.file,
    newOwner: processOwner,
    ...createRecordWrites({ file, records, text, feed, mail, durability }),
    ...ownership,
    read: (id) =>
      file.read(() => {
        const row = records.read(id);
        return row === undefined ? undefined : text.read(row);
      }),
    find: (prefix) => file.read(() => search.find(prefix)),
    list: (filter = {}, page = {}) => file.read(() => search.list(filter, page)),
    onMail: (interest, listener) => mail.subscribe(interest, listener),
    close,
  };
}
