import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/** A transaction whose answer was lost is committed by then, or never. */
const KEPT_MS = 60_000;

/** Attempts to claim that may have succeeded although their answer was lost: nobody here drives what they took. */
export interface UnheardClaims {
  /** `work` marks what it takes with the name of the attempt. */
  attempt<T>(owner: string, work: (attempt: string) => Promise<T>): Promise<T>;
  /** Frees what such attempts of this owner took. */
  giveBack(owner: string): Promise<void>;
}

interface Attempt {
  readonly name: string;
  readonly owner: string;
  readonly failedAt: number;
}

export function createUnheardClaims({
  schema,
  tenant,
  query,
}: Pick<Database, 'schema' | 'tenant' | 'query'>): UnheardClaims {
  const free = `UPDATE ${schema}.records SET owner = NULL, changed_at = ${schema}.now_ms()
    WHERE tenant = $1 AND owner = $2 AND claim = ANY($3)`;
  let failed: readonly Attempt[] = [];

  return {
    async attempt(owner, work) {
      const name = randomUUID();
      try {
        return await work(name);
      } catch (error) {
        failed = [...failed, { name, owner, failedAt: performance.now() }];
        throw error;
      }
    },
    async giveBack(owner) {
      if (failed.length === 0) return;
      const names = failed.filter((attempt) => attempt.owner === owner).map(({ name }) => name);
      const askedAt = performance.now();
      if (names.length > 0) await query(free, [tenant, owner, names]);
      failed = failed.filter(({ name, failedAt }) => !names.includes(name) || askedAt - failedAt < KEPT_MS);
    },
  };
}
