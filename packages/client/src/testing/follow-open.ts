import type { TaskClient } from '../api/client-api.ts';
import type { FollowedTask } from '../api/handle-api.ts';

const PAGE = 1_000;

/** For tests: follows all open tasks of a client's server, page by page, as a host does after a restart. */
export async function followOpen(client: Pick<TaskClient, 'list' | 'get'>): Promise<readonly FollowedTask[]> {
  const followed: FollowedTask[] = [];
  for (let after: string | undefined; ; ) {
    const { records, next } = await client.list({ open: true, limit: PAGE, after });
    followed.push(...(await Promise.all(records.map(({ id }) => client.get(id).follow()))));
    if (next === undefined) return followed;
    after = next;
  }
}
