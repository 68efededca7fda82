import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/** After this time, a transaction whose response was lost is committed or rolled back. */
const KEPT_MS = 60_000;

/** Claims and creates whose response was lost. They may have succeeded, and then no process drives their tasks. */
export interface UnconfirmedClaims {
  /** Runs `work`, which marks its rows with the name of the attempt. */
  attempt<T>(of: Pick<Attempt, 'owner' | 'kind'>, work: (attempt: string) => Promise<T>): Promise<T>;
  /**
   * Releases the tasks of this owner's lost claims, and deletes the records of its lost creates (their callers
   * saw an error).
   */
  rollBack(owner: string): Promise<void>;
}

interface Attempt {
  readonly name: string;
  readonly owner: string;
  readonly kind: 'claim' | 'create';
  readonly failedAt: number;
}

function namesOf(attempts: readonly Attempt[], kind: Attempt['kind']): readonly string[] {
  return attempts.filter((attempt) => attempt.kind === kind).map(({ name }) => name);
}

export function createUnconfirmedClaims({
  schema,
  tenant,
  query,
}: Pick<Database, 'schema' | 'tenant' | 'query'>): UnconfirmedClaims {
  const free = `UPDATE ${schema}.records SET owner = NULL, changed_at = ${schema}.now_ms()
    WHERE tenant = $1 AND owner = $2 AND claim = ANY($3)`;
  const undo = `WITH gone AS (DELETE FROM ${schema}.records WHERE tenant = $1 AND owner = $2 AND claim = ANY($3)
      RETURNING id)
    INSERT INTO ${schema}.removals (tenant, id, changed_at) SELECT $1, id, ${schema}.now_ms() FROM gone
      ON CONFLICT (tenant, id) DO UPDATE SET changed_at = excluded.changed_at`;
  let failed: readonly Attempt[] = [];

  return {
    async attempt({ owner, kind }, work) {
      const name = randomUUID();
      try {
        return await work(name);
      } catch (error) {
        failed = [...failed, { name, owner, kind, failedAt: performance.now() }];
        throw error;
      }
    },
    async rollBack(owner) {
      if (failed.length === 0) return;
      const own = failed.filter((attempt) => attempt.owner === owner);
      const names = own.map(({ name }) => name);
      const askedAt = performance.now();
      if (own.some(({ kind }) => kind === 'claim')) await query(free, [tenant, owner, namesOf(own, 'claim')]);
      if (own.some(({ kind }) => kind === 'create')) await query(undo, [tenant, owner, namesOf(own, 'create')]);
      failed = failed.filter(({ name, failedAt }) => !names.includes(name) || askedAt - failedAt < KEPT_MS);
    },
  };
}
