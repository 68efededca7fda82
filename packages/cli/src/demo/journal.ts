import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { isStoreTrouble } from './store-retry.ts';

export type Db = Database.Database;

const SCHEMA_VERSION = 3;
const SCHEMA = `
CREATE TABLE IF NOT EXISTS events (task TEXT NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS requests (method TEXT NOT NULL, name TEXT, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, initialize TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/** Thrown for files of another version of the demo. */
class OtherVersion extends Error {
  readonly code = 'OTHER_VERSION';

  constructor() {
    super('the tasks there are of another version of the demo, which this one cannot read');
  }
}

/** Retention of the journal of steps and requests, in ms. */
const JOURNAL_MS = 86_400_000;

/**
 * Opens `demo.sqlite` in a directory that only this user can read; without a directory, in memory. It holds sessions,
 * secrets, and a journal of steps and requests.
 */
export function openJournal(directory: string | undefined): Db {
  if (directory === undefined) return prepare(new Database(':memory:'));
  makeDirectory(directory);
  const file = join(directory, 'demo.sqlite');
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error('demo.sqlite there is no file');
  const previous = process.umask(0o077);
  try {
    const db = prepare(new Database(file));
    chmodSync(file, 0o600);
    return db;
  } finally {
    process.umask(previous);
  }
}

/** Creates one directory at a time: on Node.js 20 a recursive mkdir below `/proc` never returns. */
function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isDirectory(path)) throw error; // else: another process was quicker
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function prepare(db: Db): Db {
  db.exec('PRAGMA busy_timeout = 10000');
  const { version, tables } = db
    .prepare('SELECT user_version AS version, (SELECT count(*) FROM sqlite_master) AS tables FROM pragma_user_version')
    .get() as { version: number; tables: number };
  if (tables > 0 && version !== SCHEMA_VERSION) {
    db.close();
    throw new OtherVersion();
  }
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  deleteOld(db, Date.now());
  return db;
}

/** A random key, shared by every process on this store. */
export function secret(db: Db, name: string): string {
  db.prepare('INSERT OR IGNORE INTO secrets VALUES (?, ?)').run(name, randomBytes(32).toString('hex'));
  return (db.prepare('SELECT value FROM secrets WHERE name = ?').get(name) as { value: string }).value;
}

export function readValue(db: Db, name: string): string | undefined {
  return (db.prepare('SELECT value FROM secrets WHERE name = ?').get(name) as { value: string } | undefined)?.value;
}

export function saveValue(db: Db, name: string, value: string): void {
  db.prepare('INSERT OR REPLACE INTO secrets VALUES (?, ?)').run(name, value);
}

/** Writes a row that is optional: on a full disk the write is skipped, so that reads still work. */
export function writeOptional(db: Db, sql: string, ...values: readonly unknown[]): void {
  try {
    db.prepare(sql).run(...values);
  } catch (error) {
    if (!isStoreTrouble(error)) throw error;
  }
}

/** Deletes steps and requests older than a day. */
export function deleteOld(db: Db, now: number): void {
  writeOptional(db, 'DELETE FROM events WHERE at < ?', now - JOURNAL_MS);
  writeOptional(db, 'DELETE FROM requests WHERE at < ?', now - JOURNAL_MS);
}

/** Records a step of a task, so that tests can count steps. */
export function recordStep(
  db: Db,
  { id, event, position }: { readonly id: string; readonly event: string; readonly position: number },
  at: number,
): void {
  writeOptional(db, 'INSERT INTO events VALUES (?, ?, ?, ?)', id, event, position, at);
}

/** Records a request that reached the demo, so that tests can count requests. */
export function recordRequest(db: Db, method: string, name: string | null, at: number): void {
  writeOptional(db, 'INSERT INTO requests VALUES (?, ?, ?)', method, name, at);
}
