-- A store of schema version 2: timed leases, and names that are unique among all records.
PRAGMA journal_mode = WAL;
CREATE TABLE records (
  id TEXT PRIMARY KEY, identity TEXT UNIQUE, task_id TEXT, fingerprint TEXT NOT NULL, open INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX records_by_sequence ON records (sequence);
CREATE INDEX records_by_task ON records (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX records_listed ON records (open DESC, created_at DESC, id);
CREATE INDEX records_settled ON records (open, updated_at);
CREATE TABLE leases (id TEXT PRIMARY KEY, owner TEXT, fence INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE removals (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sequence (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
INSERT INTO sequence VALUES (1, 7);
INSERT INTO records VALUES (
  'k7f3q2', '["f00d","2026-07-28","","task-1"]', 'task-1', 'f00d', 1, 1700000000000, 1700000005000, 6,
  '{"version":1,"id":"k7f3q2","server":{"fingerprint":"f00d","label":"shop","target":{"kind":"url","url":"https://shop.example/mcp"}},"revision":"2026-07-28","taskId":"task-1","method":"tools/call","tool":"deploy","arguments":{"env":"staging"},"phase":"open","status":"working","createdAt":1700000000000,"updatedAt":1700000005000,"observedAt":1700000005000,"inputRequests":{},"ledger":{"approve":{"state":"acknowledged","digest":"d1","at":1700000004000}},"history":[],"outcome":null}'
);
INSERT INTO records VALUES (
  'p2m8xa', '["f00d","2026-07-28","","task-2"]', 'task-2', 'f00d', 0, 1690000000000, 1690000009000, 7,
  '{"version":1,"id":"p2m8xa","server":{"fingerprint":"f00d","label":"shop","target":{"kind":"url","url":"https://shop.example/mcp"}},"revision":"2026-07-28","taskId":"task-2","method":"tools/call","tool":"report","arguments":{},"phase":"settled","status":"completed","createdAt":1690000000000,"updatedAt":1690000009000,"observedAt":1690000009000,"inputRequests":{},"ledger":{},"history":[],"outcome":{"status":"completed","result":{"content":[{"type":"text","text":"kept"}]}}}'
);
INSERT INTO leases VALUES ('k7f3q2', 'elsewhere:1:abc', 4, 1700000015000);
INSERT INTO records VALUES (
  'q4w8ee', '["f00d","2026-07-28","mona","task-3"]', 'task-3', 'f00d', 1, 1700000001000, 1700000002000, 5,
  '{"version":1,"id":"q4w8ee","server":{"fingerprint":"f00d","label":"shop","target":{"kind":"url","url":"https://shop.example/mcp"},"account":"mona"},"revision":"2026-07-28","taskId":"task-3","method":"tools/call","tool":"release","arguments":{},"phase":"open","status":"input_required","createdAt":1700000001000,"updatedAt":1700000002000,"observedAt":1700000002000,"nextPollAt":1700000003000,"inputRequests":{"approve":{"method":"elicitation/create","params":{"message":"Go?"}}},"ledger":{"approve":{"state":"open","digest":"d1"}},"history":[],"outcome":null}'
);
INSERT INTO records VALUES ('broken', NULL, NULL, 'f00d', 1, 1700000000500, 1700000000500, 4, '{"version":1,"id":"bro');
INSERT INTO leases VALUES ('q4w8ee', NULL, 2, 0);
INSERT INTO removals VALUES ('gone', 3);
PRAGMA user_version = 2;
