import type Database from 'libsql';
import { isBusy } from './store-errors.ts';

/** How long a write waits for those of other processes. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

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

/** The same, again while another process writes: in between the event loop goes on. */
export async function transactPatiently<T>(db: Database.Database, work: () => T): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return transact(db, work);
    } catch (error) {
      if (!isBusy(error) || performance.now() - since > PATIENCE_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));
  }
}
