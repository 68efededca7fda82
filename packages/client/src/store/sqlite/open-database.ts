import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { TaskError } from '../../errors.ts';
import { type CheckDepth, checkPages, type Health } from './checked-pages.ts';
import { identityOf, moveAside } from './move-aside.ts';
import { assertPrivateDirectory } from './private-directory.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from './schema.ts';
import { isCorruption, isNoDatabase, unwritable } from './store-errors.ts';

/** Short, because SQLite blocks the event loop while it waits; `transactWithRetry` retries a busy write. */
export const BUSY_TIMEOUT_MS = 50;
const OPENING_TIMEOUT_MS = 10_000;
/** Time between two checks of a file that seems damaged: another process may be writing it, or the disk is busy. */
const RECHECK_AFTER_MS = 300;
const SIDE_FILES = ['-wal', '-shm'];

function tooNew(file: string, version: number): TaskError {
  return new TaskError('store-too-new', `${file} has format ${version}; this version knows up to ${SCHEMA_VERSION}`, {
    hint: 'A newer mcp-tasks wrote it: update this one. The file is unchanged.',
  });
}

/**
 * Reads the header without the log: a normal open may write to a file of a newer version. Uses SQLite, since closing a
 * descriptor of our own would drop all locks of this process on the file.
 */
function inspectHeader(file: string): Health {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return 'good';
  if (!found.isFile()) throw unwritable(new Error(`${basename(file)} is not a file`), dirname(file));
  accessSync(file, constants.R_OK);
  try {
    const version = headerVersion(file);
    if (version > SCHEMA_VERSION) throw tooNew(file, version);
  } catch (error) {
    if (error instanceof TaskError) throw error;
    if (isNoDatabase(error)) return 'damaged';
    // Another process may write the header now; `prepare` reads it under a lock.
  }
  return 'good';
}

function headerVersion(file: string): number {
  const db = new Database(`${pathToFileURL(file).href}?mode=ro&immutable=1`);
  try {
    return schemaVersion(db);
  } finally {
    db.close();
  }
}

function prepare(db: Database.Database, file: string, depth: CheckDepth): Health {
  db.exec(`PRAGMA busy_timeout = ${OPENING_TIMEOUT_MS}`);
  const version = schemaVersion(db);
  if (version > SCHEMA_VERSION) throw tooNew(file, version); // the version may be in the WAL and not yet in the header
  if (version > 0 && checkPages(db, file, depth) === 'damaged') return 'damaged';
  if (version === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL'); // lets pruning shrink the file
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA secure_delete = ON'); // overwrites deleted content, such as sent answers
  migrate(db);
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return 'good';
}

/** Changes a mode only if it differs: a needless `chmod` would change the file's ctime. */
function restrict(file: string): void {
  for (const each of [file, ...SIDE_FILES.map((side) => file + side)]) {
    const mode = statSync(each, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o777) !== 0o600) chmodSync(each, 0o600);
  }
}

function tryOpen(file: string, depth: CheckDepth): Database.Database | undefined {
  if (inspectHeader(file) === 'damaged') return undefined;
  const db = new Database(file);
  try {
    if (prepare(db, file, depth) === 'good') return db;
  } catch (error) {
    db.close();
    if (isCorruption(error)) return undefined;
    throw error;
  }
  db.close();
  return undefined;
}

/** Rechecks a database that seems damaged after a pause, with the full check. Undefined if it fails again. */
function openWithRecheck(file: string, pause: (ms: number) => void): Database.Database | undefined {
  const db = tryOpen(file, 'quick');
  if (db !== undefined) return db;
  pause(RECHECK_AFTER_MS);
  return tryOpen(file, 'whole');
}

/**
 * Opens or creates the database; only this user can read its directory and files.
 * A database that fails two checks is moved aside, reported, and replaced.
 * @throws {TaskError} `store-unwritable`, `store-too-new`, `store-unsafe`
 */
export function openDatabase(file: string, onNotice: (text: string) => void, pause = sleep): Database.Database {
  const umask = process.umask(0o077);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    assertPrivateDirectory(dirname(file));
    for (;;) {
      const before = identityOf(file);
      const db = openWithRecheck(file, pause);
      if (db !== undefined) {
        restrict(file);
        return db;
      }
      const aside = moveAside(file, before, SIDE_FILES);
      if (aside === undefined) continue;
      onNotice(`The task store was damaged. It is kept as ${aside}; a new, empty one was created.`);
    }
  } catch (error) {
    throw error instanceof TaskError ? error : unwritable(error, dirname(file));
  } finally {
    process.umask(umask);
  }
}

/** Blocks this thread: the database is opened synchronously. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
