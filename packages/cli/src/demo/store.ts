import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';

export type Db = Database.Database;

const SCHEMA_VERSION = 2;
const SCHEMA = `
CREATE TABLE IF NOT EXISTS tasks (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, owner TEXT, tool TEXT NOT NULL, args TEXT NOT NULL, before TEXT NOT NULL,
  page TEXT NOT NULL UNIQUE, page_url TEXT NOT NULL, page_visited INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL, due_at INTEGER, status TEXT NOT NULL, message TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, ttl_ms INTEGER, forget_at INTEGER, poll_hint TEXT NOT NULL,
  slow_ack_ms INTEGER NOT NULL DEFAULT 0,
  questions TEXT NOT NULL, answers TEXT NOT NULL, result TEXT, error TEXT
);
CREATE INDEX IF NOT EXISTS tasks_due ON tasks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS tasks_seq ON tasks (seq);
CREATE TABLE IF NOT EXISTS events (task TEXT NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS requests (method TEXT NOT NULL, name TEXT, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, initialize TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT OR IGNORE INTO counters VALUES ('seq', 0);
`;

/** Opens `demo.sqlite` in a directory that only this user can read; without a directory, in memory. */
export function openStore(directory: string | undefined): Db {
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
    throw new Error('This store is of another version of the demo. Choose another directory, or delete this one.');
  }
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  return db;
}

/** Runs one exclusive write transaction (BEGIN IMMEDIATE). */
export function transact<T>(db: Db, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const done = work();
    db.exec('COMMIT');
    return done;
  } catch (error) {
    // SQLite rolls back by itself on a full disk.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A random key, shared by every process on this store. */
export function secret(db: Db, name: string): string {
  db.prepare('INSERT OR IGNORE INTO secrets VALUES (?, ?)').run(name, randomBytes(32).toString('hex'));
  return (db.prepare('SELECT value FROM secrets WHERE name = ?').get(name) as { value: string }).value;
}

export function recall(db: Db, name: string): string | undefined {
  return (db.prepare('SELECT value FROM secrets WHERE name = ?').get(name) as { value: string } | undefined)?.value;
}

export function remember(db: Db, name: string, value: string): void {
  db.prepare('INSERT OR REPLACE INTO secrets VALUES (?, ?)').run(name, value);
}

/** Writes a row that is optional: on a full disk the write is skipped, so that reads still work. */
export function note(db: Db, sql: string, ...values: readonly unknown[]): void {
  try {
    db.prepare(sql).run(...values);
  } catch (error) {
    if (!isStoreTrouble(error)) throw error;
  }
}

/** Whether writing the store failed for a reason that may pass: disk full, or file locked. */
export function isStoreTrouble(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(String((error as { readonly code?: unknown }).code));
}

/** Records a request that reached the demo, so that tests can count requests. */
export function recordRequest(db: Db, method: string, name: string | null, at: number): void {
  note(db, 'INSERT INTO requests VALUES (?, ?, ?)', method, name, at);
}
