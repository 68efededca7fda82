import { existsSync, renameSync, statSync } from 'node:fs';
import Database from 'libsql';

/** Far longer than a move takes; a stopped process holds its lock until it is killed. */
const WAIT_LIMIT_MS = 5_000;

/** Device and inode of the file, which a move keeps; undefined if there is no file. */
export function identityOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}

/**
 * Moves a damaged file and its side files aside; returns the new path. Undefined if another process already moved it:
 * the file at the path now is another one. Throws SQLITE_BUSY when another process is moving it for `waitMs`.
 */
export function moveAside(
  file: string,
  found: string | undefined,
  sides: readonly string[],
  waitMs = WAIT_LIMIT_MS,
): string | undefined {
  return locked(`${file}-moving`, waitMs, () => {
    if (found === undefined || identityOf(file) !== found) return undefined;
    const stem = `${file}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    let aside = stem;
    for (let count = 2; existsSync(aside); count += 1) aside = `${stem}-${count}`;
    // The database is moved last: a new one at its path must not find the old side files.
    for (const side of sides) if (existsSync(file + side)) renameSync(file + side, aside + side);
    renameSync(file, aside);
    return aside;
  });
}

/** An open transaction is the lock: the operating system ends it when the process dies. The empty file stays. */
function locked<T>(lock: string, waitMs: number, work: () => T): T {
  const db = new Database(lock);
  try {
    db.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE`);
    return work();
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.close();
  }
}
