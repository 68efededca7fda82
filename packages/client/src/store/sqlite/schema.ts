import type Database from 'libsql';
import { transact } from './transact.ts';

/** Each step takes the schema from its index to the next; a step that was released never changes. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE records (
    id TEXT PRIMARY KEY, identity TEXT UNIQUE, task_id TEXT, fingerprint TEXT NOT NULL, open INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX records_by_sequence ON records (sequence);
  CREATE INDEX records_by_task ON records (task_id) WHERE task_id IS NOT NULL;
  CREATE INDEX records_open ON records (open);
  CREATE TABLE leases (id TEXT PRIMARY KEY, owner TEXT, fence INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE removals (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE sequence (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
  INSERT INTO sequence VALUES (1, 0);
  `,
  // Lists come in the order of their index, and pruning does not look at what is open.
  `
  DROP INDEX records_open;
  CREATE INDEX records_listed ON records (open DESC, created_at DESC, id);
  CREATE INDEX records_settled ON records (open, updated_at);
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

export function schemaVersion(db: Database.Database): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** Brings an older store up to date, also when several processes open it at once. */
export function migrate(db: Database.Database): void {
  if (schemaVersion(db) === SCHEMA_VERSION) return;
  transact(db, () => {
    for (const step of MIGRATIONS.slice(schemaVersion(db))) db.exec(step);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}
