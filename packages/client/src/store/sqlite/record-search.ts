import type Database from 'libsql';
import { compareRecords, formatCursor, parseCursor } from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Found, PageRequest, RecordFilter, RecordPage } from '../task-store.ts';
import { createStatement, type Statement } from './statement.ts';

interface Row {
  readonly id: string;
  readonly body: string;
  readonly open: number;
  readonly created_at: number;
}

export interface RecordSearch {
  find(prefix: string): Found;
  list(filter: RecordFilter, page: PageRequest): RecordPage;
}

const LAST_CHARACTER = '\u{10ffff}';
const NO_LIMIT = -1;

/** Statements that search records. An unreadable record is listed as skipped. */
export function createRecordSearch(db: Database.Database, text: RecordText): RecordSearch {
  const sql = (statement: string): Statement => createStatement(db, statement);
  const findExact = sql('SELECT id, body FROM records WHERE id = ?1 OR task_id = ?1');
  const findPrefix = sql(`SELECT id, body FROM records
    WHERE id BETWEEN ?1 AND ?1 || ?2 OR (task_id IS NOT NULL AND task_id BETWEEN ?1 AND ?1 || ?2)`);
  const list = sql(`SELECT id, body, open, created_at FROM records
    WHERE open BETWEEN ?1 AND ?2 AND (?3 IS NULL OR fingerprint = ?3) AND asking >= ?4 AND (?5 IS NULL OR key = ?5)
      AND updated_at >= ?6 AND (?11 = 0 OR duty = 'deliver')
      AND (?7 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(?7) wanted WHERE NOT EXISTS
        (SELECT 1 FROM json_each(records.labels) has WHERE has.key = wanted.key AND has.value = wanted.value)))
      AND (?8 IS NULL OR open < ?2 OR created_at < ?8 OR (created_at = ?8 AND id > ?9))
    ORDER BY open DESC, created_at DESC, id LIMIT ?10`);

  return {
    find(prefix) {
      const exact = findExact.all(prefix);
      const { records, skipped } = text.parseAll(
        (exact.length > 0 ? exact : findPrefix.all(prefix, LAST_CHARACTER)) as Row[],
      );
      return { records: [...records].sort(compareRecords), skipped };
    },
    list(filter, { limit, after }) {
      const {
        open = false,
        asking = false,
        undelivered = false,
        fingerprint = null,
        key = null,
        labels,
        since,
      } = filter;
      const place = after === undefined ? undefined : parseCursor(after);
      const rows = list.all(
        Number(open || asking),
        Number(place?.open ?? true),
        fingerprint,
        Number(asking),
        key,
        since ?? Number.MIN_SAFE_INTEGER,
        labels === undefined ? null : JSON.stringify(labels),
        place?.createdAt ?? null,
        place?.id ?? null,
        limit === undefined ? NO_LIMIT : limit + 1,
        Number(undelivered),
      ) as Row[];
      const isCut = limit !== undefined && rows.length > limit;
      const shown = isCut ? rows.slice(0, limit) : rows;
      const last = shown.at(-1);
      if (!isCut || last === undefined) return text.parseAll(shown);
      const next = formatCursor({ open: last.open === 1, createdAt: last.created_at, id: last.id });
      return { ...text.parseAll(shown), next };
    },
  };
}
