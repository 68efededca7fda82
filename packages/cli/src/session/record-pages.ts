import type { RecordFilter, RecordPage, TaskRecord, TaskStore } from '@mcp-tasks/client';

const PAGE = 500;
/** Minimum page size: smaller pages cost more than they save. */
const SMALL_PAGE = 100;

/** Reads a list page by page, with one page in memory. `most` returns how many more records are wanted. */
export async function* recordPages(
  store: TaskStore,
  filter: RecordFilter = {},
  most: () => number = () => PAGE,
): AsyncGenerator<RecordPage> {
  let after: string | undefined;
  do {
    const limit = Math.max(SMALL_PAGE, Math.min(PAGE, most()));
    const page = await store.list(filter, { limit, after });
    yield page;
    after = page.next;
  } while (after !== undefined);
}

/** The first records that match, in list order; stops reading when it has enough. */
export async function firstRecords(
  store: TaskStore,
  filter: RecordFilter,
  limit: number,
  isWanted: (record: TaskRecord) => boolean = () => true,
): Promise<readonly TaskRecord[]> {
  const found: TaskRecord[] = [];
  for await (const { records } of recordPages(store, filter)) {
    found.push(...records.filter(isWanted));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
