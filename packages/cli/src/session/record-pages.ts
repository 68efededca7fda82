import type { RecordFilter, RecordPage, TaskRecord, TaskStore } from '@mcp-tasks/client';

const PAGE = 500;
/** Smaller pages cost more than they save. */
const SMALL_PAGE = 100;

/** Every page of a list, so that no more than one of them is in memory. `most` says how many records are still wanted. */
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

/** The first records that fit, in the order of the list; reads no further than it has to. */
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
