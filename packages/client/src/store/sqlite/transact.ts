import type Database from 'libsql';

/** Runs one write transaction that no other process can come between. */
export function transact<T>(db: Database.Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends the transaction by itself, and a second rollback would hide the reason.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
