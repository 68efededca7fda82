import type { Database } from './database.ts';

/** More records than this are not named one by one. */
const NAMED = 1_000;
/** A transaction that began before the last look may be seen only at the next one. */
const OVERLAP_MS = 5_000;

/** Looks for what was written; undefined: too much to name, or nobody can tell. */
export type Look = () => Promise<readonly string[] | undefined>;

export interface MailTable {
  /** Takes the mail of an owner. */
  mailOf(owner: string): Look;
  /** Every write, removal and release since the first look, and a little before it. */
  news(): Look;
}

interface NewsRow {
  readonly at: number;
  readonly id: string | null;
  readonly changed_at: number;
}

export function createMailTable({ schema, tenant, query }: Database, onTaken: (latencyMs: number) => void): MailTable {
  const take = `DELETE FROM ${schema}.mail WHERE tenant = $1 AND owner = $2
    RETURNING id, ${schema}.now_ms() - posted_at AS age`;
  const changed = (table: string): string => `SELECT NULL::float8 AS at, id, changed_at FROM ${schema}.${table}
    WHERE tenant = $1 AND changed_at > coalesce($2, ${schema}.now_ms()) - ${OVERLAP_MS}`;
  const news = `SELECT ${schema}.now_ms() AS at, NULL AS id, 0::float8 AS changed_at
    UNION ALL (${changed('records')} UNION ALL ${changed('removals')} LIMIT ${NAMED + 1})`;

  return {
    mailOf: (owner) => async () => {
      const mail = await query<{ id: string; age: number }>(take, [tenant, owner]);
      for (const { age } of mail) onTaken(age);
      const ids = new Set(mail.map(({ id }) => id));
      return ids.size > NAMED ? undefined : [...ids];
    },
    news() {
      let since: number | null = null;
      let told = new Map<string, number>();
      return async () => {
        const [first, ...rows] = await query<NewsRow>(news, [tenant, since]);
        const at = first?.at ?? 0;
        // A database that took another's place may have a clock that is behind.
        const isSetBack = since !== null && at < since;
        const found = new Map(rows.map(({ id, changed_at: changedAt }) => [id ?? '', changedAt]));
        const before = told;
        [since, told] = [at, found];
        if (isSetBack || rows.length > NAMED) return undefined;
        return [...found].filter(([id, changedAt]) => before.get(id) !== changedAt).map(([id]) => id);
      };
    },
  };
}
