import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

export type Db = Database.Database;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS tasks (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, owner TEXT, tool TEXT NOT NULL, args TEXT NOT NULL, before TEXT NOT NULL,
  page TEXT NOT NULL UNIQUE, page_url TEXT NOT NULL, page_visited INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL, due_at INTEGER, status TEXT NOT NULL, message TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, ttl_ms INTEGER, poll_hint TEXT NOT NULL,
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
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'demo.sqlite');
  const previous = process.umask(0o077);
  try {
    const db = prepare(new Database(file));
    chmodSync(file, 0o600);
    return db;
  } finally {
    process.umask(previous);
  }
}

function prepare(db: Db): Db {
  db.exec('PRAGMA busy_timeout = 10000');
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(SCHEMA);
  return db;
}

/** Runs one write transaction that no other process can come between. */
export function transact<T>(db: Db, work: () => T): T {
  return db.transaction(work).immediate() as T;
}

/** A random key, the same for every process on this store. */
export function secret(db: Db, name: string): string {
  db.prepare('INSERT OR IGNORE INTO secrets VALUES (?, ?)').run(name, randomBytes(32).toString('hex'));
  return (db.prepare('SELECT value FROM secrets WHERE name = ?').get(name) as { value: string }).value;
}

/** Notes a request that reached the demo, so that a test can count what a client really sent. */
export function recordRequest(db: Db, method: string, name: string | null, at: number): void {
  db.prepare('INSERT INTO requests VALUES (?, ?, ?)').run(method, name, at);
}
