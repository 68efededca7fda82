import type { RecordPage } from '../store/task-store.ts';
import type { EventFilter, TaskFilter, TaskUpdate } from './client-api.ts';

/** Records read at once; the claims of a page share one round trip. */
const PAGE = 200;

/** Passed in, so that this file loads alone. */
export interface FollowOpenOptions {
  list(filter: TaskFilter): Promise<RecordPage>;
  follow(id: string): Promise<unknown>;
}

/** The updates, once all open tasks on record are followed; a failure of that ends them, and is thrown. */
export async function* updatesOfOpen(
  updates: AsyncIterableIterator<TaskUpdate>,
  options: FollowOpenOptions,
  filter: EventFilter,
): AsyncIterableIterator<TaskUpdate> {
  try {
    await followOpen(options, filter);
    yield* updates;
  } finally {
    await updates.return?.();
  }
}

/** One that is removed meanwhile is passed over. */
async function followOpen({ list, follow }: FollowOpenOptions, { labels }: EventFilter): Promise<void> {
  let after: string | undefined;
  do {
    const page = await list({ open: true, labels, limit: PAGE, after });
    const followed = await Promise.allSettled(page.records.map(({ id }) => follow(id)));
    const failed = followed.find((each) => each.status === 'rejected' && each.reason?.code !== 'not-found');
    if (failed?.status === 'rejected') throw failed.reason;
    after = page.next;
  } while (after !== undefined);
}
