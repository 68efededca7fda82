import type { TaskMail } from '../task-store.ts';
import type { Database } from './database.ts';

/** Limit of ids in one report; above it, `ids` is undefined. */
const NAMED = 1_000;
/** A transaction that began before the last read may commit after it: each read overlaps the last one by this time. */
const OVERLAP_MS = 5_000;

/** Written records; `ids` is undefined above the limit. */
export interface MailBatch {
  readonly ids: readonly string[] | undefined;
  /** Tasks for which the owner got `look` mail. */
  readonly looks: readonly string[];
}

export type ReadMail = () => Promise<MailBatch>;

export interface MailTable {
  /** Reads and deletes the mail of an owner. */
  mailOf(owner: string): ReadMail;
  /** Asks the owner to poll the task; false if it no longer holds it. */
  post(mail: TaskMail, owner: string): Promise<boolean>;
  /** Reads every write, removal and release since the first read, with a short overlap before. */
  news(): ReadMail;
}

interface MailRow {
  readonly id: string;
  readonly kind: string | null;
  readonly age: number;
}

interface NewsRow {
  readonly at: number;
  readonly id: string | null;
  readonly changed_at: number;
}

export function createMailTable({ schema, tenant, query }: Database, onTaken: (latencyMs: number) => void): MailTable {
  const deleteMail = `DELETE FROM ${schema}.mail WHERE tenant = $1 AND owner = $2
    RETURNING id, kind, ${schema}.now_ms() - posted_at AS age`;
  const post = `INSERT INTO ${schema}.mail (tenant, owner, id, kind, posted_at)
    SELECT tenant, owner, id, $4, ${schema}.now_ms() FROM ${schema}.records WHERE tenant = $1 AND id = $2 AND owner = $3`;
  const changed = (table: string): string => `SELECT NULL::float8 AS at, id, changed_at FROM ${schema}.${table}
    WHERE tenant = $1 AND changed_at > coalesce($2, ${schema}.now_ms()) - ${OVERLAP_MS}`;
  const news = `SELECT ${schema}.now_ms() AS at, NULL AS id, 0::float8 AS changed_at
    UNION ALL (${changed('records')} UNION ALL ${changed('removals')} LIMIT ${NAMED + 1})`;

  return {
    mailOf: (owner) => async () => {
      const mail = await query<MailRow>(deleteMail, [tenant, owner]);
      for (const { age } of mail) onTaken(age);
      const looks = new Set(mail.filter(({ kind }) => kind === 'look').map(({ id }) => id));
      const ids = new Set(mail.filter(({ kind }) => kind === null).map(({ id }) => id));
      return { ids: ids.size > NAMED ? undefined : [...ids], looks: [...looks] };
    },
    async post({ id, kind }, owner) {
      return (await query(`${post} RETURNING id`, [tenant, id, owner, kind])).length > 0;
    },
    news() {
      let since: number | null = null;
      let reported = new Map<string, number>();
      return async () => {
        const [first, ...rows] = await query<NewsRow>(news, [tenant, since]);
        const at = first?.at ?? 0;
        // After a failover, the new database's clock may be behind.
        const isSetBack = since !== null && at < since;
        const found = new Map(rows.map(({ id, changed_at: changedAt }) => [id ?? '', changedAt]));
        const before = reported;
        [since, reported] = [at, found];
        if (isSetBack || rows.length > NAMED) return { ids: undefined, looks: [] };
        const ids = [...found].filter(([id, changedAt]) => before.get(id) !== changedAt).map(([id]) => id);
        return { ids, looks: [] };
      };
    },
  };
}
