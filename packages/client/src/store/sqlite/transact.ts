import type Database from 'libsql';
import { isBusy } from './store-errors.ts';

/** How long a write waits for writes of other processes, in ms. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 30;

/** Runs one immediate write transaction. */
export function transact<T>(db: Database.Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends the transaction itself; another rollback would hide the reason.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Runs a write transaction, and retries while another process writes, without blocking the event loop. */
export async function transactPatiently<T>(db: Database.Database, work: () => T): Promise<T> {
  try {
    return transact(db, work);
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
  const { default: pRetry } = await import('p-retry');
  return pRetry(() => transact(db, work), {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: PATIENCE_MS,
    minTimeout: PAUSE_MS,
    maxTimeout: LONGEST_PAUSE_MS,
    factor: 1,
    randomize: true,
    shouldRetry: ({ error }) => isBusy(error),
  });
}
