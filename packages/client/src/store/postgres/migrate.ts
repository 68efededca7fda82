import type { Pool } from 'pg';
import { createDatabase, type Query, quoteName } from './database.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import { assertNotNewer, versionOf } from './schema-version.ts';
import { placeOf } from './store-errors.ts';

/** Any number, the same for all versions: one process migrates at a time. */
const MIGRATION_LOCK = 7_272_741_101;

/** What a role may do with the store. */
export interface PostgresGrants {
  /** Roles of workers and of processes that start tasks: everything but the tables themselves. */
  readonly work?: readonly string[] | undefined;
  /** Roles that read tasks, answer and cancel: they start none, delete none and hold none. */
  readonly answer?: readonly string[] | undefined;
}

/** What to migrate, as a role that may create a schema, or owns this one. */
export interface MigratePostgresStoreOptions {
  /** Of the host. */
  readonly pool: Pool;
  /** Where the tables live. @default 'mcp_tasks' */
  readonly schema?: string | undefined;
  /** Roles that get their rights. @default none */
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

/** An answer changes the text of a record, and what is looked for; who holds the task stays the worker's. */
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
 * Makes the tables, or brings them up to date; safe while others do the same, and while workers of the version before run.
 * @throws {TaskError} `store-unwritable` when the role may not, `store-too-new`
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
