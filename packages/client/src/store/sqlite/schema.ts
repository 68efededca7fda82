import type Database from 'libsql';
import { transact } from './transact.ts';

/** Each step migrates from its index to the next version; a released step never changes. */
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
  // Indexes in the order of lists; pruning skips open records.
  `
  DROP INDEX records_open;
  CREATE INDEX records_listed ON records (open DESC, created_at DESC, id);
  CREATE INDEX records_settled ON records (open, updated_at);
  `,
  // One heartbeat per owner; names and keys unique among open records; `mailed`: sequence of the last write by others.
  // Each open record has a row in `leases`.
  `
  CREATE TABLE new_records (
    id TEXT PRIMARY KEY, identity TEXT, task_id TEXT, fingerprint TEXT NOT NULL, account TEXT NOT NULL, key TEXT,
    labels TEXT, open INTEGER NOT NULL, asking INTEGER NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, next_poll_at INTEGER, sequence INTEGER NOT NULL, mailed INTEGER, body TEXT NOT NULL
  );
  INSERT INTO new_records
    SELECT id, identity, task_id, fingerprint,
      CASE WHEN json_valid(body) THEN coalesce(body ->> '$.server.account', '') ELSE '' END, NULL, NULL, open,
      CASE WHEN NOT json_valid(body) OR body ->> '$.phase' NOT IN ('asking', 'open') THEN 0
        ELSE EXISTS (SELECT 1 FROM json_each(body, '$.ledger') l, json_each(body, '$.inputRequests') q
          WHERE q.key = l.key AND l.value ->> '$.state' = 'open') END,
      created_at, updated_at, CASE WHEN json_valid(body) THEN body ->> '$.nextPollAt' END, sequence, NULL, body
    FROM records;
  DROP TABLE records;
  ALTER TABLE new_records RENAME TO records;
  CREATE UNIQUE INDEX records_by_identity ON records (identity) WHERE open = 1 AND identity IS NOT NULL;
  CREATE UNIQUE INDEX records_by_key ON records (fingerprint, account, key) WHERE open = 1 AND key IS NOT NULL;
  CREATE INDEX records_by_sequence ON records (sequence);
  CREATE INDEX records_by_mail ON records (mailed) WHERE mailed IS NOT NULL;
  CREATE INDEX records_by_task ON records (task_id) WHERE task_id IS NOT NULL;
  CREATE INDEX records_listed ON records (open DESC, created_at DESC, id);
  CREATE INDEX records_settled ON records (updated_at) WHERE open = 0;

  CREATE TABLE new_leases (
    id TEXT PRIMARY KEY, owner TEXT, fence INTEGER NOT NULL, fingerprint TEXT NOT NULL, sequence INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO new_leases
    SELECT r.id, NULL, coalesce(l.fence, 0), r.fingerprint, 0
    FROM records r LEFT JOIN leases l ON l.id = r.id WHERE r.open = 1;
  DROP TABLE leases;
  ALTER TABLE new_leases RENAME TO leases;
  CREATE INDEX leases_by_owner ON leases (owner, fingerprint);
  CREATE INDEX leases_by_sequence ON leases (sequence) WHERE sequence > 0;
  CREATE TABLE owners (owner TEXT PRIMARY KEY, renewed_at INTEGER NOT NULL, claims INTEGER NOT NULL) WITHOUT ROWID;

  DROP TABLE removals;
  CREATE TABLE removals (id TEXT PRIMARY KEY, owner TEXT, sequence INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX removals_by_sequence ON removals (sequence);
  `,
  // `duty`: the work a record needs. Each record that is open, or whose end is undelivered, has a row in `leases`.
  `
  ALTER TABLE records ADD COLUMN duty TEXT;
  UPDATE records SET duty = 'drive'
    WHERE open = 1 AND json_valid(body) AND coalesce(body ->> '$.contact.kind', '') <> 'lost';
  CREATE INDEX records_undelivered ON records (updated_at) WHERE duty = 'deliver';
  `,
  // `servers`: an owner that is limited to some servers, as a JSON list of fingerprints.
  'ALTER TABLE owners ADD COLUMN servers TEXT;',
];

export const SCHEMA_VERSION = MIGRATIONS.length;

export function schemaVersion(db: Database.Database): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** Migrates an older store; safe if several processes open it at once. */
export function migrate(db: Database.Database): void {
  if (schemaVersion(db) === SCHEMA_VERSION) return;
  transact(db, () => {
    for (const step of MIGRATIONS.slice(schemaVersion(db))) db.exec(step);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}
