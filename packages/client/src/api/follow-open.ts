import type { RecordPage } from '../store/task-store.ts';
import type { EventFilter, TaskFilter, TaskUpdate } from './client-api.ts';

/** Records read at once; the claims of a page share one round trip. */
const PAGE = 200;

/** Functions of the client, passed in so that this module loads no other. */
export interface FollowOpenOptions {
  list(filter: TaskFilter): Promise<RecordPage>;
  follow(id: string): Promise<unknown>;
}

/** Follows all open tasks on record, then yields the updates. @throws the error of following, and ends the updates */
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

/** Skips tasks whose records are deleted meanwhile. */
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
