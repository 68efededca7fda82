import { dirname } from 'node:path';
import type Database from 'libsql';
import { TaskError } from '../../errors.ts';
import { identityOf } from './move-aside.ts';
import { openDatabase } from './open-database.ts';
import { storeError } from './store-errors.ts';
import { transactWithRetry } from './transact.ts';

/** The open database; maps its errors to `TaskError`s. */
export interface StoreFile {
  readonly db: Database.Database;
  readonly file: string;
  read<T>(work: () => T): Promise<T>;
  /** One transaction; `work` may run more than once. */
  write<T>(work: () => T): Promise<T>;
  /** @throws {TaskError} if the file was moved, deleted or replaced since it was opened */
  assertInPlace(): void;
}

export function openStoreFile(file: string, onNotice: (text: string) => void): StoreFile {
  const directory = dirname(file);
  const db = openDatabase(file, onNotice);
  // While the file is open, no other file can get its inode number.
  const opened = identityOf(file);

  function assertOpen(): void {
    if (db.open) return;
    throw new TaskError('closed', `The task store in ${directory} was closed`, {
      hint: 'Close task clients before their store. Open the store again to continue.',
    });
  }

  function assertInPlace(): void {
    const now = identityOf(file);
    if (now === opened) return;
    const what = now === undefined ? 'was deleted' : 'was replaced';
    throw new TaskError('store-unwritable', `The task store in ${directory} ${what} while it was in use`, {
      hint: 'Nothing more is saved in it. Restart this process to use the store that is there now, or a new one.',
    });
  }

  async function guarded<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      assertOpen();
      assertInPlace();
      return await work();
    } catch (error) {
      throw storeError(error, directory);
    }
  }

  return { db, file, assertInPlace, read: guarded, write: (work) => guarded(() => transactWithRetry(db, work)) };
}
