import type { Pool } from 'pg';
import { TaskError } from '../../errors.ts';
import type { Database } from './database.ts';
import { SCHEMA_VERSION } from './migrations.ts';
import { placeOf } from './store-errors.ts';

/** Undefined if the tables do not exist. */
export async function versionOf({ schema, query }: Pick<Database, 'schema' | 'query'>): Promise<number | undefined> {
  // `to_regclass` may have cached the missing table within a transaction: read the catalogue.
  const [found] = await query<{ there: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = 'migrations' AND '"' || replace(n.nspname, '"', '""') || '"' = $1) AS there`,
    [schema],
  );
  if (found?.there !== true) return undefined;
  const [row] = await query<{ version: number | null }>(`SELECT max(version) AS version FROM ${schema}.migrations`);
  return row?.version ?? 0;
}

export function assertNotNewer(version: number, place: string): void {
  if (version <= SCHEMA_VERSION) return;
  throw new TaskError(
    'store-too-new',
    `The task store in ${place} has version ${version}; this one knows ${SCHEMA_VERSION}`,
    {
      hint: 'A newer mcp-tasks migrated it: update this one.',
    },
  );
}

/** @throws {TaskError} `store-too-new` */
export async function isMigrated(database: Database, pool: Pool): Promise<boolean> {
  const version = await versionOf(database);
  assertNotNewer(version ?? 0, placeOf(pool));
  return version === SCHEMA_VERSION;
}

export function notMigrated(pool: Pool, cause?: unknown): TaskError {
  return new TaskError(
    'store-unwritable',
    `The task store in ${placeOf(pool)} has no tables, or tables of an older version`,
    {
      hint: 'Create or update them with a role that may: mcp-tasks store migrate',
      cause,
    },
  );
}
