import type { Pool } from 'pg';
import { createDatabase, type Query, quoteName } from './database.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import { assertNotNewer, versionOf } from './schema-version.ts';
import { placeOf } from './store-errors.ts';

/** Key of the advisory lock that lets one process migrate at a time; any number, equal in all versions. */
const MIGRATION_LOCK = 7_272_741_101;

/** Rights of roles on the store. */
export interface PostgresGrants {
  /** Roles of workers, and of processes that start tasks: all rights on rows, none on the schema. */
  readonly work?: readonly string[] | undefined;
  /** Roles that read tasks, answer and cancel; they cannot start, delete or lease tasks. */
  readonly answer?: readonly string[] | undefined;
}

/** Options of a migration. Its role must own the schema, or may create it. */
export interface MigratePostgresStoreOptions {
  /** The host's pool. */
  readonly pool: Pool;
  /** Schema of the tables. @default 'mcp_tasks' */
  readonly schema?: string | undefined;
  /** Roles to grant rights to. @default none */
  readonly grants?: PostgresGrants | undefined;
}

async function advance(query: Query, schema: string, place: string): Promise<void> {
  await query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  const before = (await versionOf({ schema, query })) ?? 0;
  assertNotNewer(before, place);
  if (before === SCHEMA_VERSION) return;
  if (before === 0) {
    await query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await query(`CREATE TABLE ${schema}.migrations (version integer PRIMARY KEY, made_at timestamptz DEFAULT now())`);
  }
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < before) continue;
    for (const statement of step.split(/;\n/)) {
      if (statement.trim() !== '') await query(statement.replaceAll('{schema}', schema));
    }
    await query(`INSERT INTO ${schema}.migrations (version) VALUES ($1)`, [index + 1]);
  }
}

/** Columns that an answer may write: the text of a record and its search columns, but no lease. */
const ANSWERED = [
  'identity, task_id, fingerprint, account, key, call_key, labels, open, asking, duty',
  'created_at, updated_at, next_poll_at, revision, changed_at, body, audience',
].join(', ');

async function grant(query: Query, schema: string, { work = [], answer = [] }: PostgresGrants): Promise<void> {
  for (const role of [...work, ...answer].map(quoteName)) {
    await query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
  }
  for (const role of work.map(quoteName)) {
    const tables = ['records', 'workers', 'mail', 'removals', 'pauses'].map((table) => `${schema}.${table}`).join(', ');
    await query(`GRANT INSERT, UPDATE, DELETE ON ${tables} TO ${role}`);
  }
  for (const role of answer.map(quoteName)) {
    await query(`GRANT UPDATE (${ANSWERED}) ON ${schema}.records TO ${role}`);
    await query(`GRANT INSERT ON ${schema}.mail TO ${role}`);
  }
}

/**
 * Creates the tables, or migrates them; safe beside other migrations, and beside workers of the previous version.
 * @throws {TaskError} `store-unwritable` if the role lacks rights, `store-too-new`
 */
export async function migratePostgresStore(options: MigratePostgresStoreOptions): Promise<void> {
  const { pool, schema = 'mcp_tasks', grants = {} } = options;
  const database = createDatabase({ pool, schema, tenant: '', isTransactionPooled: true });
  try {
    await database.transact(async (query) => {
      await advance(query, database.schema, placeOf(pool));
      await grant(query, database.schema, grants);
    });
  } finally {
    database.close();
  }
}
