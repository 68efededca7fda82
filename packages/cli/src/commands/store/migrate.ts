import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { createPrinter } from '../../display/printer.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { openPool, type StoreFlags, sharedStoreOf } from '../../session/shared-store.ts';

export interface MigrateFlags extends CommonFlags, StoreFlags {
  readonly worker?: readonly string[];
  readonly answerer?: readonly string[];
}

export async function runMigrate(flags: MigrateFlags, context: Context): Promise<ExitCode> {
  const url = sharedStoreOf(context, flags);
  if (url === undefined) {
    throw new CliError('usage', 'No shared store given', 'Name it: --store postgres://user@host/database');
  }
  const printer = createPrinter(context, flags);
  const { migratePostgresStore } = await import('@mcp-tasks/client/postgres-store');
  const pool = await openPool(url);
  try {
    await migratePostgresStore({ pool, grants: { work: flags.worker, answer: flags.answerer } });
  } finally {
    await pool.end();
  }
  if (printer.json) printer.document({ migrated: true, workers: flags.worker ?? [], answerers: flags.answerer ?? [] });
  else printer.result('The tables are up to date.');
  return exitCodes.completed;
}
