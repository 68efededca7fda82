import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { TaskError } from '../../errors.ts';
import { checkPages, type Health } from './checked-pages.ts';
import { identityOf, moveAside } from './move-aside.ts';
import { assertPrivateDirectory } from './private-directory.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from './schema.ts';
import { isCorruption, unwritable } from './store-errors.ts';

const MAGIC = 'SQLite format 3\u0000';
const HEADER_BYTES = 100;
const VERSION_OFFSET = 60;
/** Short, because it blocks the event loop; a busy write is retried by `transactPatiently`. */
export const BUSY_TIMEOUT_MS = 50;
const OPENING_TIMEOUT_MS = 10_000;
const SIDE_FILES = ['-wal', '-shm'];

function tooNew(file: string, version: number): TaskError {
  return new TaskError('store-too-new', `${file} has format ${version}; this version knows up to ${SCHEMA_VERSION}`, {
    hint: 'A newer mcp-tasks wrote it: update this one. The file was not touched.',
  });
}

/** Reads the header as bytes: opening with SQLite may already write to a file of a newer version. */
function inspectHeader(file: string): Health {
  if (!existsSync(file)) return 'good';
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, header, 0, HEADER_BYTES, 0);
    if (length === 0) return 'good';
    if (length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'damaged';
  } finally {
    closeSync(descriptor);
  }
  const version = header.readInt32BE(VERSION_OFFSET);
  if (version > SCHEMA_VERSION) throw tooNew(file, version);
  return 'good';
}

function prepare(db: Database.Database, file: string): Health {
  db.exec(`PRAGMA busy_timeout = ${OPENING_TIMEOUT_MS}`);
  const version = schemaVersion(db);
  if (version > SCHEMA_VERSION) throw tooNew(file, version); // the version may be in the WAL and not yet in the header
  if (version > 0 && checkPages(db, file) === 'damaged') return 'damaged';
  if (version === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL'); // lets pruning shrink the file
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA secure_delete = ON'); // overwrites deleted content, such as sent answers
  migrate(db);
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return 'good';
}

/** Restricts the modes that need it: a needless `chmod` would change the file's ctime. */
function restrict(file: string): void {
  for (const each of [file, ...SIDE_FILES.map((side) => file + side)]) {
    const mode = statSync(each, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o777) !== 0o600) chmodSync(each, 0o600);
  }
}

function tryOpen(file: string): Database.Database | undefined {
  if (inspectHeader(file) === 'damaged') return undefined;
  const db = new Database(file);
  try {
    if (prepare(db, file) === 'good') return db;
  } catch (error) {
    db.close();
    if (isCorruption(error)) return undefined;
    throw error;
  }
  db.close();
  return undefined;
}

/**
 * Opens or creates the database; only this user can read its directory and files.
 * A damaged one is moved aside, reported, and replaced.
 * @throws {TaskError} `store-unwritable`, `store-too-new`, `store-unsafe`
 */
export function openDatabase(file: string, onNotice: (text: string) => void): Database.Database {
  const umask = process.umask(0o077);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    assertPrivateDirectory(dirname(file));
    for (;;) {
      const before = identityOf(file);
      const db = tryOpen(file);
      if (db !== undefined) {
        restrict(file);
        return db;
      }
      const aside = moveAside(file, before, SIDE_FILES);
      if (aside === undefined) continue;
      onNotice(`The task store was damaged. It is kept as ${aside}; a new, empty one was begun.`);
    }
  } catch (error) {
    throw error instanceof TaskError ? error : unwritable(error, dirname(file));
  } finally {
    process.umask(umask);
  }
}
