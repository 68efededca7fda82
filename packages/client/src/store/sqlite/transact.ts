import type Database from 'libsql';
import { isBusy } from './store-errors.ts';

/** How long a write waits for writes of other processes, in ms. */
const RETRY_LIMIT_MS = 10_000;
const PAUSE_MS = 10;
const MAX_PAUSE_MS = 30;

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

/** The retrying write of each database. An attempt blocks the event loop, so only one write retries at a time. */
const waiting = new WeakMap<Database.Database, Promise<unknown>>();

/** Runs a write transaction, and retries while another process writes, without blocking the event loop for long. */
export async function transactWithRetry<T>(db: Database.Database, work: () => T): Promise<T> {
  const since = performance.now();
  for (let first = waiting.get(db); first !== undefined; first = waiting.get(db)) await first;
  try {
    return transact(db, work);
  } catch (error) {
    const leftMs = RETRY_LIMIT_MS - (performance.now() - since);
    if (!isBusy(error) || leftMs <= 0) throw error;
    const written = retry(db, work, leftMs);
    const end = (): boolean => waiting.delete(db);
    waiting.set(db, written.then(end, end));
    return written;
  }
}

async function retry<T>(db: Database.Database, work: () => T, maxRetryTime: number): Promise<T> {
  const { default: pRetry } = await import('p-retry');
  return pRetry(() => transact(db, work), {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime,
    minTimeout: PAUSE_MS,
    maxTimeout: MAX_PAUSE_MS,
    factor: 1,
    randomize: true,
    shouldRetry: ({ error }) => isBusy(error),
  });
}
