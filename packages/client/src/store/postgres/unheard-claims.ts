import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/** A transaction whose answer was lost is committed by then, or never. */
const KEPT_MS = 60_000;

/** Attempts to claim or create that may have succeeded although their answer was lost: no process drives what they took. */
export interface UnheardClaims {
  /** `work` marks what it takes with the name of the attempt. */
  attempt<T>(of: Pick<Attempt, 'owner' | 'kind'>, work: (attempt: string) => Promise<T>): Promise<T>;
  /** Frees what such attempts of this owner took, and deletes what they created: its caller was told that it failed. */
  giveBack(owner: string): Promise<void>;
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

export function createUnheardClaims({
  schema,
  tenant,
  query,
}: Pick<Database, 'schema' | 'tenant' | 'query'>): UnheardClaims {
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
    async giveBack(owner) {
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
