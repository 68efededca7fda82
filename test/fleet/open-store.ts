import type { TaskStore } from '@mcp-tasks/client';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import pg from 'pg';

/** The location of a fleet's store, which each process opens by itself. */
export type StoreAt =
  | { readonly kind: 'sqlite'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string };

export interface OpenedStore {
  readonly store: TaskStore;
  /** Number of statements sent to a database so far. */
  statements(): number;
  close(): Promise<void>;
}

export async function openStore(at: StoreAt): Promise<OpenedStore> {
  if (at.kind === 'sqlite') {
    const store = await openSqliteStore({ directory: at.directory });
    return { store, statements: () => 0, close: () => store.close() };
  }
  const statements = countStatements();
  const pool = new pg.Pool({ connectionString: at.url, max: 5, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined); // errors of an idle connection, after a database restart
  const store = await openPostgresStore({ pool, schema: at.schema });
  return {
    store,
    statements,
    async close() {
      await store.close();
      await pool.end();
    },
  };
}

/** Statements of all connections of this process. */
function countStatements(): () => number {
  let count = 0;
  const { prototype } = pg.Client;
  const query = prototype.query as (...args: unknown[]) => unknown;
  prototype.query = function counted(this: unknown, ...args: unknown[]) {
    count += 1;
    return query.apply(this, args);
  } as typeof prototype.query;
  return () => count;
}
