import type { TaskRecord } from '../../task/record.ts';
import { compareRecords, formatCursor, type Place, parseCursor } from '../record-rules.ts';
import type { RecordText } from '../record-text.ts';
import type { Found, PageRequest, RecordFilter, RecordPage, TaskStore } from '../task-store.ts';
import type { Database } from './database.ts';
import { digest, labelDigests, plain, TASK_ID_LENGTH } from './record-columns.ts';

interface Row {
  readonly id: string;
  readonly body: string;
  readonly open: boolean;
  readonly created_at: number;
}

const LAST_CHARACTER = '\u{10ffff}';

/** SQL conditions of a filter with their values: each combination gets its own plan. */
function conditionsOf(filter: RecordFilter): readonly (readonly [string, unknown])[] {
  const { asking, undelivered, fingerprint, key, labels, since } = filter;
  const all: readonly (readonly [string, unknown] | false)[] = [
    asking === true && ['asking', undefined],
    undelivered === true && ["duty = 'deliver'", undefined],
    fingerprint !== undefined && ['fingerprint = ?', plain(fingerprint)],
    key !== undefined && ['key = ?', digest(key)],
    labels !== undefined && ['labels @> ?::text[]', labelDigests(labels)],
    since !== undefined && ['updated_at >= ?', since],
  ];
  return all.filter((condition) => condition !== false);
}

export function createRecordSearch(
  { schema, tenant, query }: Database,
  texts: RecordText,
): Pick<TaskStore, 'read' | 'find' | 'list'> {
  const read = `SELECT id, body FROM ${schema}.records WHERE tenant = $1 AND id = $2`;
  const findExact = `SELECT id, body FROM ${schema}.records WHERE tenant = $1 AND (id = $2 OR task_id = $3)`;
  const findPrefix = `SELECT id, body FROM ${schema}.records
    WHERE tenant = $1 AND (id BETWEEN $2 AND $2 || $4 OR task_id BETWEEN $3 AND $3 || $4)`;

  /** Open or settled records: each part is one index range. */
  function listPart(
    open: boolean,
    filter: RecordFilter,
    limit: number | undefined,
    after?: Place,
  ): Promise<readonly Row[]> {
    const values: unknown[] = [tenant, open];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const wanted = conditionsOf(filter).map(([text, value]) =>
      value === undefined ? text : text.replace('?', bind(value)),
    );
    if (after !== undefined) {
      const at = bind(after.createdAt);
      wanted.push(`created_at <= ${at} AND (created_at < ${at} OR id > ${bind(after.id)})`);
    }
    const text = `SELECT id, body, open, created_at FROM ${schema}.records
      WHERE ${['tenant = $1', 'open = $2', ...wanted].join(' AND ')}
      ORDER BY created_at DESC, id${limit === undefined ? '' : ` LIMIT ${bind(limit)}`}`;
    return query<Row>(text, values);
  }

  async function rowsOf(filter: RecordFilter, limit: number | undefined, after?: Place): Promise<readonly Row[]> {
    const isOpenOnly = filter.open === true || filter.asking === true;
    const open = after?.open === false ? [] : await listPart(true, filter, limit, after);
    if (isOpenOnly || open.length === limit) return open;
    const left = limit === undefined ? undefined : limit - open.length;
    return [...open, ...(await listPart(false, filter, left, after?.open === false ? after : undefined))];
  }

  function isExact({ id, taskId }: TaskRecord, prefix: string): boolean {
    return id === prefix || taskId === prefix;
  }

  async function find(prefix: string): Promise<Found> {
    const [id, taskId] = [plain(prefix), plain(prefix.slice(0, TASK_ID_LENGTH))];
    const exact = texts.parseAll(await query<Row>(findExact, [tenant, id, taskId]));
    const same = exact.records.filter((record) => isExact(record, prefix));
    if (same.length > 0) return { records: same.sort(compareRecords), skipped: exact.skipped };
    const { records, skipped } = texts.parseAll(await query<Row>(findPrefix, [tenant, id, taskId, LAST_CHARACTER]));
    const fitting = records.filter((record) => record.id.startsWith(prefix) || record.taskId?.startsWith(prefix));
    return { records: fitting.sort(compareRecords), skipped };
  }

  async function list(filter: RecordFilter, { limit, after }: PageRequest): Promise<RecordPage> {
    const place = after === undefined ? undefined : parseCursor(after);
    const rows = await rowsOf(filter, limit === undefined ? undefined : limit + 1, place);
    const isCut = limit !== undefined && rows.length > limit;
    const shown = isCut ? rows.slice(0, limit) : rows;
    const last = shown.at(-1);
    if (!isCut || last === undefined) return texts.parseAll(shown);
    return {
      ...texts.parseAll(shown),
      next: formatCursor({ open: last.open, createdAt: last.created_at, id: last.id }),
    };
  }

  return {
    async read(id) {
      const [row] = await query<Row>(read, [tenant, plain(id)]);
      return row === undefined ? undefined : texts.read(row);
    },
    find,
    list: (filter = {}, page = {}) => list(filter, page),
  };
}
