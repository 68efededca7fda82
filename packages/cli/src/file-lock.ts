import type { Clock } from '@mcp-tasks/client';
import Database from 'libsql';
import { pause } from './timers.ts';

const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 250;
/** Base code of SQLite: another connection holds the lock. */
const BUSY = 5;

export type Unlock = () => void;

/**
 * Locks a file against other processes and other callers of this one, by an open transaction of SQLite: the operating
 * system ends it when the process dies. Creates the file, with mode 0600 and always empty. Resolves to `undefined`
 * when another holder keeps the lock for `limitMs`.
 * Never open the file by `node:fs`: on POSIX, closing any descriptor of it drops the lock.
 * @throws when the file cannot be opened or written
 */
export async function lockFile(
  path: string,
  clock: Pick<Clock, 'schedule' | 'random'>,
  limitMs: number,
): Promise<Unlock | undefined> {
  const db = open(path);
  try {
    for (let waitedMs = 0; !tryLock(db); ) {
      if (waitedMs >= limitMs) {
        db.close();
        return undefined;
      }
      const pauseMs = MIN_PAUSE_MS + clock.random() * (MAX_PAUSE_MS - MIN_PAUSE_MS);
      await pause(clock, pauseMs);
      waitedMs += pauseMs;
    }
  } catch (error) {
    db.close();
    throw error;
  }
  return () => {
    if (!db.open) return;
    db.exec('ROLLBACK'); // first: a closed database of libsql keeps its locks until it is collected
    db.close();
  };
}

function open(path: string): Database.Database {
  const umask = process.umask(0o077);
  try {
    return new Database(path);
  } finally {
    process.umask(umask);
  }
}

/** Tries once to begin the transaction. A killed process leaves no journal: the journal is in memory. */
function tryLock(db: Database.Database): boolean {
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (((error as { readonly rawCode?: number }).rawCode ?? 0) % 256 === BUSY) return false;
    throw error;
  }
}
