/**
 * The statements of the schema, one entry per version; entries are only added. `{schema}` is a quoted name.
 *
 * A record's body is text, because jsonb refuses NUL; the other columns are for searches. Texts longer than an index
 * allows are digests or prefixes. No index has `next_poll_at`: a write of it alone updates no index.
 */
export const MIGRATIONS: readonly string[] = [
  `
CREATE FUNCTION {schema}.now_ms() RETURNS double precision LANGUAGE sql VOLATILE
  AS $$ SELECT extract(epoch FROM clock_timestamp())::double precision * 1000 $$;
CREATE FUNCTION {schema}.tenant() RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT coalesce(current_setting('mcp_tasks.tenant', true), '') $$;

CREATE TABLE {schema}.records (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  identity text COLLATE "C",
  task_id text COLLATE "C",
  fingerprint text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  key text COLLATE "C",
  call_key text COLLATE "C",
  labels text[] COLLATE "C",
  open boolean NOT NULL,
  asking boolean NOT NULL,
  duty text COLLATE "C",
  created_at double precision NOT NULL,
  updated_at double precision NOT NULL,
  next_poll_at double precision,
  owner text COLLATE "C",
  fence integer NOT NULL DEFAULT 0,
  revision integer NOT NULL DEFAULT 1,
  changed_at double precision NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (tenant, id)
) WITH (fillfactor = 60);
CREATE UNIQUE INDEX records_by_identity ON {schema}.records (tenant, identity) WHERE open;
CREATE UNIQUE INDEX records_by_call_key ON {schema}.records (tenant, call_key) WHERE open;
CREATE INDEX records_by_key ON {schema}.records (tenant, key) WHERE key IS NOT NULL;
CREATE INDEX records_by_task ON {schema}.records (tenant, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX records_listed ON {schema}.records (tenant, open, created_at DESC, id);
CREATE INDEX records_asking ON {schema}.records (tenant, created_at DESC, id) WHERE asking;
CREATE INDEX records_settled ON {schema}.records (tenant, updated_at, id) WHERE NOT open;
CREATE INDEX records_held ON {schema}.records (tenant, owner) WHERE owner IS NOT NULL;
CREATE INDEX records_free ON {schema}.records (tenant, duty) WHERE owner IS NULL AND duty IS NOT NULL;
CREATE INDEX records_undelivered ON {schema}.records (tenant, created_at DESC, id) WHERE duty = 'deliver';
CREATE INDEX records_changed ON {schema}.records (tenant, changed_at);

CREATE TABLE {schema}.workers (
  tenant text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  seen double precision NOT NULL,
  lock_key bigint,
  claims boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, owner)
) WITH (fillfactor = 50);

CREATE TABLE {schema}.mail (
  tenant text COLLATE "C" NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  owner text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  posted_at double precision NOT NULL,
  PRIMARY KEY (tenant, owner, seq)
);

CREATE TABLE {schema}.removals (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  changed_at double precision NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX removals_changed ON {schema}.removals (tenant, changed_at);
`,
  // A session sees only its tenant's rows, even as owner of the tables.
  ...[
    ['records', 'workers', 'mail', 'removals']
      .map(
        (table) => `
ALTER TABLE {schema}.${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON {schema}.${table} USING (tenant = {schema}.tenant()) WITH CHECK (tenant = {schema}.tenant());`,
      )
      .join('\n'),
  ],
  // The id of the claim: it releases a claim whose response was lost.
  'ALTER TABLE {schema}.records ADD COLUMN claim text COLLATE "C";',
  // Update policy: a session with people writes records for them or for anyone; one without writes as a worker.
  `
CREATE FUNCTION {schema}.people() RETURNS text[] LANGUAGE sql STABLE
  AS $$ SELECT string_to_array(coalesce(current_setting('mcp_tasks.people', true), ''), ' ') $$;
ALTER TABLE {schema}.records ADD COLUMN audience text[] COLLATE "C";
CREATE POLICY own_audience ON {schema}.records AS RESTRICTIVE FOR UPDATE USING (audience IS NULL
  OR audience && {schema}.people()
  OR ({schema}.people() = '{}' AND has_table_privilege(tableoid, 'DELETE'))) WITH CHECK (true);
`,
  // Pauses of servers. Roles with privileges on the other tables get the same here.
  `
CREATE TABLE {schema}.pauses (
  tenant text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  until double precision NOT NULL,
  PRIMARY KEY (tenant, fingerprint)
);
ALTER TABLE {schema}.pauses ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.pauses FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON {schema}.pauses USING (tenant = {schema}.tenant()) WITH CHECK (tenant = {schema}.tenant());
DO $$ DECLARE a record; BEGIN FOR a IN
  SELECT grantee::regrole AS role FROM pg_class c, aclexplode(c.relacl) WHERE c.oid = '{schema}.workers'::regclass
    AND privilege_type = 'DELETE' AND grantee <> 0 LOOP EXECUTE
  format('GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.pauses TO %s', a.role); END LOOP; END $$;
`,
  // Kind of mail that is not a write.
  'ALTER TABLE {schema}.mail ADD COLUMN kind text COLLATE "C";',
  // The servers that a worker is limited to, by fingerprint.
  'ALTER TABLE {schema}.workers ADD COLUMN servers text[] COLLATE "C";',
];

export const SCHEMA_VERSION = MIGRATIONS.length;
