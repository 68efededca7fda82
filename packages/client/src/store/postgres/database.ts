import { createHash } from 'node:crypto';
import pRetry from 'p-retry';
import type { Pool, PoolClient } from 'pg';
import { TaskError } from '../../errors.ts';
import { isRefusal, isRetryable, placeOf, storeError, violatedIndex } from './store-errors.ts';

/** After this time without a response, a query counts as failed and its connection as lost. */
const RESPONSE_TIMEOUT_MS = 10_000;
const RETRY_AT_ONCE = { retries: 7, minTimeout: 0, factor: 1 } as const;
/** PostgreSQL ends a transaction idle for 4 s: a suspended process must not keep rows locked that others take over. */
const BEGIN = 'BEGIN; SET LOCAL idle_in_transaction_session_timeout = 4000';

/** Runs one statement; resolves to its rows. */
export type Query = <Row>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** The host's pool; sets the tenant on each connection and maps errors to `TaskError`s. */
export interface Database {
  /** Quoted name of the schema. */
  readonly schema: string;
  readonly tenant: string;
  readonly query: Query;
  /** One transaction; `work` runs again after a serialization failure or a deadlock. */
  transact<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** The same database with these people (digests) set on its sessions. */
  as(people: readonly string[]): Database;
  close(): void;
}

export interface DatabaseOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly tenant: string;
  /** True if a pooler may change the connection between transactions. */
  readonly isTransactionPooled: boolean;
}

/** Tenant and people last set on each connection, by any store. */
const sessionNames = new WeakMap<PoolClient, string>();
const names = new Map<string, string>();

/** PostgreSQL plans a named statement once per connection. */
function nameOf(text: string): string {
  const known = names.get(text) ?? `mcp_tasks_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  names.set(text, known);
  return known;
}

const ignore = (): void => undefined;
const withErrorListener = new WeakSet<Pool>();

/** An idle connection that breaks emits `error`, which ends the process without a listener; the pool replaces it. */
function ignoreIdleErrors(pool: Pool): void {
  if (withErrorListener.has(pool)) return;
  withErrorListener.add(pool);
  pool.on('error', ignore);
  // A connection may become ready and break in one tick, before `checkOut` can add a listener.
  pool.on('connect', (client) => client.on('error', ignore));
}

/** Sets tenant and people for row-level security. */
function setNames(where: 'session' | 'transaction'): string {
  const isLocal = where === 'transaction';
  return `SELECT set_config('mcp_tasks.tenant', $1, ${isLocal}), set_config('mcp_tasks.people', $2, ${isLocal})`;
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export function createDatabase({ pool, schema, tenant, isTransactionPooled }: DatabaseOptions): Database {
  const place = placeOf(pool);
  let isClosed = false;
  ignoreIdleErrors(pool);

  /** Maps a failed statement to a `TaskError`, except errors that decide a retry or a conflict. */
  function queryOn(client: PoolClient, onBroken: () => void): Query {
    return async <Row>(text: string, values: readonly unknown[] = []) => {
      const name = isTransactionPooled ? {} : { name: nameOf(text) };
      // A text of two statements can be neither prepared nor parameterized.
      const how = text === BEGIN ? {} : { ...name, values: [...values] };
      try {
        const { rows } = await client.query({ ...how, text, query_timeout: RESPONSE_TIMEOUT_MS } as never);
        return rows as readonly Row[];
      } catch (error) {
        if (!isRefusal(error)) onBroken();
        throw isRetryable(error) || violatedIndex(error) !== undefined ? error : storeError(error, place);
      }
    };
  }

  /** Checks out a connection with a timeout, which the pool itself may lack. */
  async function checkOut(): Promise<PoolClient> {
    const connecting = pool.connect();
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no connection within 10 s')), RESPONSE_TIMEOUT_MS);
    });
    try {
      return await Promise.race([connecting, timedOut]);
    } catch (error) {
      connecting.then((client) => client.release(), ignore);
      throw storeError(error, place);
    } finally {
      clearTimeout(timer);
    }
  }

  async function setSessionNames(client: PoolClient, query: Query, people: string): Promise<void> {
    const wanted = `${people}|${tenant}`;
    if (isTransactionPooled || (sessionNames.get(client) ?? '|') === wanted) return;
    await query(setNames('session'), [tenant, people]);
    sessionNames.set(client, wanted);
  }

  async function withConnection<T>(people: string, work: (query: Query) => Promise<T>): Promise<T> {
    if (isClosed) throw new TaskError('closed', `The task store in ${place} was closed`);
    const client = await checkOut();
    let isBroken = false;
    client.on('error', ignore);
    try {
      const query = queryOn(client, () => {
        isBroken = true;
      });
      await setSessionNames(client, query, people);
      return await work(query);
    } finally {
      client.off('error', ignore);
      client.release(isBroken);
    }
  }

  async function inTransaction<T>(query: Query, people: string, work: (query: Query) => Promise<T>): Promise<T> {
    await query(BEGIN);
    try {
      if (isTransactionPooled) await query(setNames('transaction'), [tenant, people]);
      const result = await work(query);
      await query('COMMIT');
      return result;
    } catch (error) {
      await query('ROLLBACK').catch(ignore); // a broken connection rolls back by itself
      throw error;
    }
  }

  const databaseOf = (people: string): Database => ({
    schema: quoteName(schema),
    tenant,
    query: (text, values) =>
      withConnection(people, (query) =>
        isTransactionPooled ? inTransaction(query, people, (inside) => inside(text, values)) : query(text, values),
      ),
    transact: (work) =>
      pRetry(() => withConnection(people, (query) => inTransaction(query, people, work)), {
        ...RETRY_AT_ONCE,
        shouldRetry: ({ error }) => isRetryable(error),
      }),
    as: (names) => databaseOf(names.join(' ')),
    close() {
      isClosed = true;
    },
  });
  return databaseOf('');
}
