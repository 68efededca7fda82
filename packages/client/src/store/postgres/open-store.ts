import type { ClientConfig, Pool } from 'pg';
import { namesOf } from '../../task/audience.ts';
import { processOwner } from '../process-owner.ts';
import { createRecordText, type RecordCodec } from '../record-text.ts';
import type { TaskStore } from '../task-store.ts';
import { createDatabase, type Database } from './database.ts';
import { createMail } from './mail.ts';
import { migratePostgresStore } from './migrate.ts';
import { createOwnerTable } from './owner-table.ts';
import { createOwnership } from './ownership.ts';
import { createPauses } from './pauses.ts';
import { digest } from './record-columns.ts';
import { createRecordSearch } from './record-search.ts';
import { createRecordTable } from './record-table.ts';
import { createRecordWrites } from './record-writes.ts';
import { createRemovals } from './removals.ts';
import { createReports } from './reports.ts';
import { isMigrated, notMigrated } from './schema-version.ts';
import { createSession } from './session.ts';
import { isForbidden } from './store-errors.ts';
import { createUnconfirmedClaims } from './unconfirmed-claims.ts';

/** Options of a PostgreSQL store. */
export interface OpenPostgresStoreOptions {
  /** The host's own pool; closing the store leaves it open. */
  readonly pool: Pool;
  /** Tenant: records of other tenants are invisible. @default '', the only tenant of a store without others */
  readonly tenant?: string | undefined;
  /** Schema of the tables. @default 'mcp_tasks' */
  readonly schema?: string | undefined;
  /**
   * Keeps one more connection, for immediate mail and as proof that this process lives. A string is the URL of that
   * connection, for a pool that does not connect directly. If false, mail is polled every second, and a dead process is
   * detected after 10 s. @default true, but false with `transactionPooling`
   */
  readonly listen?: boolean | string | undefined;
  /** True if a pooler such as pgbouncer changes connections between transactions. @default false */
  readonly transactionPooling?: boolean | undefined;
  /** Transforms each record's text for storage. @default plain text */
  readonly codec?: RecordCodec | undefined;
  /** Called for each mail that an owner of this process took, with its age in ms. @default not called */
  readonly onMailTaken?: ((latencyMs: number) => void) | undefined;
  /** True creates missing tables, if the role may. @default true */
  readonly migrate?: boolean | undefined;
}

function sessionConfig(options: OpenPostgresStoreOptions): ClientConfig | undefined {
  const { pool, transactionPooling = false, listen = !transactionPooling } = options;
  if (listen === false) return undefined;
  if (typeof listen === 'string') return { connectionString: listen };
  // `password` is not enumerable in a pool's options.
  const { password } = pool.options;
  return { ...pool.options, ...(password === undefined ? {} : { password }) };
}

async function prepare(database: Database, { pool, schema, migrate = true }: OpenPostgresStoreOptions): Promise<void> {
  if (await isMigrated(database, pool)) return;
  if (!migrate) throw notMigrated(pool);
  try {
    await migratePostgresStore({ pool, schema });
  } catch (error) {
    throw isForbidden(error) ? notMigrated(pool, error) : error;
  }
}

/**
 * Opens a store in PostgreSQL, for many processes on many machines.
 * @throws {TaskError} `store-unwritable`, `store-too-new`
 * @example
 * import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * const store = await openPostgresStore({ pool, tenant: 'acme' });
 */
export async function openPostgresStore(options: OpenPostgresStoreOptions): Promise<TaskStore> {
  const { pool, tenant = '', schema = 'mcp_tasks', transactionPooling: isTransactionPooled = false } = options;
  const database = createDatabase({ pool, schema, tenant, isTransactionPooled });
  try {
    await prepare(database, options);
  } catch (error) {
    database.close();
    throw error;
  }
  const doubtListeners = new Set<() => void>();
  const session = createSession(sessionConfig(options), {
    onNotification(channel) {
      mail.onNotification(channel);
      pauses.onNotification(channel);
    },
    onListening: (isAgain) => mail.onListening(isAgain),
    onLost() {
      for (const listener of doubtListeners) listener();
    },
  });
  const mail = createMail(database, session, options.onMailTaken ?? (() => undefined));
  const pauses = createPauses(database, session);
  const reports = createReports(mail);
  const text = createRecordText(options.codec);
  const unconfirmed = createUnconfirmedClaims(database);
  const { leaveAll, ...ownership } = createOwnership(
    database,
    createOwnerTable(database, pauses.read),
    unconfirmed,
    session,
    text,
    reports,
  );
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await mail.stop();
    await leaveAll().catch(() => undefined); // on failure they expire a little later
    await session.close();
    database.close();
  }

  const store: TaskStore = {
    newOwner: processOwner,
    ...createRecordWrites(database, createRecordTable(database, text), text, { reports, unconfirmed }),
    ...createRecordSearch(database, text),
    ...createRemovals(database, text, reports),
    ...ownership,
    onMail: mail.onMail,
    async post(posted) {
      const owner = await ownership.ownerOf(posted.id);
      return owner !== undefined && mail.post(posted, owner);
    },
    pauseServer: pauses.pauseServer,
    onPause: pauses.onPause,
    onDoubt(listener) {
      doubtListeners.add(listener);
      return () => {
        doubtListeners.delete(listener);
      };
    },
    actingFor(person) {
      const theirs = database.as(namesOf(person).map(digest));
      const writes = createRecordWrites(theirs, createRecordTable(theirs, text), text, { reports, unconfirmed });
      return { ...store, ...writes, ...createRecordSearch(theirs, text) };
    },
    close: () => (closing ??= close()),
  };
  return store;
}
