import type { RecordText } from '../record-text.ts';
import type { TaskStore } from '../task-store.ts';
import type { Database } from './database.ts';
import type { Reports } from './reports.ts';

const PART = 500;
/** Removals are kept this long: every running process has read them by then. */
const KEPT_MS = 600_000;

interface Gone {
  readonly id: string;
  readonly owner: string | null;
}

export function createRemovals(
  { schema, tenant, query }: Database,
  text: RecordText,
  reports: Reports,
): Pick<TaskStore, 'remove' | 'prune'> {
  const remove = `WITH gone AS (DELETE FROM ${schema}.records WHERE tenant = $1 AND id = ANY($2) RETURNING id, owner),
    old AS (DELETE FROM ${schema}.removals WHERE tenant = $1 AND changed_at < ${schema}.now_ms() - ${KEPT_MS}
      AND id <> ALL($2)),
    noted AS (INSERT INTO ${schema}.removals (tenant, id, changed_at) SELECT $1, id, ${schema}.now_ms() FROM gone
      ON CONFLICT (tenant, id) DO UPDATE SET changed_at = excluded.changed_at),
    posted AS (INSERT INTO ${schema}.mail (tenant, owner, id, posted_at)
      SELECT $1, owner, id, ${schema}.now_ms() FROM gone WHERE owner IS NOT NULL)
    SELECT id, owner FROM gone`;
  const settled = `SELECT id, body, updated_at FROM ${schema}.records
    WHERE tenant = $1 AND NOT open AND updated_at < $2 AND (updated_at, id) > ($3, $4)
    ORDER BY updated_at, id LIMIT ${PART}`;

  async function removeRecords(ids: readonly string[]): Promise<number> {
    const gone = await query<Gone>(remove, [tenant, ids]);
    reports.removed(gone.map(({ owner }) => owner));
    return gone.length;
  }

  return {
    remove: async (id) => (await removeRecords([id])) > 0,
    async prune(before) {
      let count = 0;
      let [at, after] = [Number.MIN_SAFE_INTEGER, ''];
      for (;;) {
        const rows = await query<{ id: string; body: string; updated_at: number }>(settled, [
          tenant,
          before,
          at,
          after,
        ]);
        const last = rows.at(-1);
        if (last === undefined) return count;
        [at, after] = [last.updated_at, last.id];
        // Records of a newer version stay.
        count += await removeRecords(rows.filter(({ body }) => text.parse(body).kind === 'record').map(({ id }) => id));
      }
    },
  };
}
