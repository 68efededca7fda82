-- A store of schema version 3.
BEGIN TRANSACTION;
CREATE TABLE "leases" (
    id TEXT PRIMARY KEY, owner TEXT, fence INTEGER NOT NULL, fingerprint TEXT NOT NULL, sequence INTEGER NOT NULL
  ) WITHOUT ROWID;
INSERT INTO "leases" VALUES('k7f3q2',NULL,1,'server-a',5);
INSERT INTO "leases" VALUES('lost42',NULL,0,'server-a',0);
CREATE TABLE owners (owner TEXT PRIMARY KEY, renewed_at INTEGER NOT NULL, claims INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE "records" (
    id TEXT PRIMARY KEY, identity TEXT, task_id TEXT, fingerprint TEXT NOT NULL, account TEXT NOT NULL, key TEXT,
    labels TEXT, open INTEGER NOT NULL, asking INTEGER NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, next_poll_at INTEGER, sequence INTEGER NOT NULL, mailed INTEGER, body TEXT NOT NULL
  );
INSERT INTO "records" VALUES('k7f3q2','["server-a","2026-07-28","","t1"]','t1','server-a','',NULL,NULL,1,0,1000,1000,NULL,1,NULL,'{"version":1,"server":{"fingerprint":"server-a","label":"a.example","target":{"kind":"url","url":"https://a.example/mcp"}},"revision":"2026-07-28","taskId":"t1","method":"tools/call","tool":"deploy","arguments":{"env":"staging"},"phase":"open","status":"working","createdAt":1000,"updatedAt":1000,"observedAt":1000,"inputRequests":{},"ledger":{},"history":[],"outcome":null,"id":"k7f3q2"}');
INSERT INTO "records" VALUES('lost42',NULL,NULL,'server-a','',NULL,NULL,1,0,1000,1000,NULL,2,NULL,'{"version":1,"server":{"fingerprint":"server-a","label":"a.example","target":{"kind":"url","url":"https://a.example/mcp"}},"revision":"2026-07-28","taskId":null,"method":"tools/call","tool":"deploy","arguments":{"env":"staging"},"phase":"intent","status":"working","createdAt":1000,"updatedAt":1000,"observedAt":1000,"inputRequests":{},"ledger":{},"history":[],"outcome":null,"id":"lost42","contact":{"kind":"lost","since":1000}}');
INSERT INTO "records" VALUES('p2m8xa','["server-a","2026-07-28","","t2"]','t2','server-a','',NULL,NULL,0,0,1000,1000,NULL,3,NULL,'{"version":1,"server":{"fingerprint":"server-a","label":"a.example","target":{"kind":"url","url":"https://a.example/mcp"}},"revision":"2026-07-28","taskId":"t2","method":"tools/call","tool":"deploy","arguments":{"env":"staging"},"phase":"settled","status":"working","createdAt":1000,"updatedAt":1000,"observedAt":1000,"inputRequests":{},"ledger":{},"history":[],"outcome":{"status":"completed"},"id":"p2m8xa"}');
CREATE TABLE removals (id TEXT PRIMARY KEY, owner TEXT, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sequence (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
INSERT INTO "sequence" VALUES(1,5);
CREATE UNIQUE INDEX records_by_identity ON records (identity) WHERE open = 1 AND identity IS NOT NULL;
CREATE UNIQUE INDEX records_by_key ON records (fingerprint, account, key) WHERE open = 1 AND key IS NOT NULL;
CREATE INDEX records_by_sequence ON records (sequence);
CREATE INDEX records_by_mail ON records (mailed) WHERE mailed IS NOT NULL;
CREATE INDEX records_by_task ON records (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX records_listed ON records (open DESC, created_at DESC, id);
CREATE INDEX records_settled ON records (updated_at) WHERE open = 0;
CREATE INDEX leases_by_owner ON leases (owner, fingerprint);
CREATE INDEX leases_by_sequence ON leases (sequence) WHERE sequence > 0;
CREATE INDEX removals_by_sequence ON removals (sequence);
COMMIT;
PRAGMA user_version = 3;
