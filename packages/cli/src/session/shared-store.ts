import type { TaskStore } from '@mcp-tasks/client';
import type { Pool } from 'pg';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';

/** Flags of commands that also work on a shared store. */
export interface StoreFlags {
  readonly store?: string;
  readonly tenant?: string;
}

/** URL of the shared store; undefined means the records of this machine. */
export function sharedStoreOf({ env }: Context, flags: StoreFlags): string | undefined {
  const text = flags.store ?? (env.MCP_TASKS_STORE || undefined);
  if (text === undefined) return undefined;
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  const where = flags.store === undefined ? 'MCP_TASKS_STORE' : '--store';
  throw new CliError('usage', `${where} is not a URL of PostgreSQL`, 'It looks like postgres://user@host/database');
}

/** Gives `sslmode` and `sslrootcert` the meaning of psql: `pg` alone treats `require` as `verify-full`. */
function asLibpq(text: string): string {
  const url = new URL(text);
  const { searchParams } = url;
  if (!searchParams.has('sslmode') || searchParams.has('uselibpqcompat')) return text;
  searchParams.set('uselibpqcompat', 'true');
  // The authorities in Node.js are the system's.
  if (searchParams.get('sslrootcert') === 'system') searchParams.delete('sslrootcert');
  return url.href;
}

export async function openPool(url: string): Promise<Pool> {
  const { Pool } = await import('pg');
  return new Pool({ connectionString: asLibpq(url), max: 3, application_name: 'mcp-tasks' });
}

/** Opens the shared store for reading and writing records; creates no tables and claims no tasks. */
export async function openSharedStore(url: string, context: Context, flags: StoreFlags): Promise<TaskStore> {
  const { openPostgresStore } = await import('@mcp-tasks/client/postgres-store');
  const tenant = flags.tenant ?? context.env.MCP_TASKS_TENANT;
  const pool = await openPool(url);
  const close = (): Promise<void> => pool.end();
  try {
    const store = await openPostgresStore({ pool, tenant, migrate: false });
    return { ...store, close: () => store.close().then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}
