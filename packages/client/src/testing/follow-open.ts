import type { TaskClient } from '../api/client-api.ts';
import type { FollowedTask } from '../api/handle-api.ts';

/** For tests: follows all tasks of a client's server that are open, as a host does after a restart. */
export async function followOpen(client: Pick<TaskClient, 'list' | 'get'>): Promise<readonly FollowedTask[]> {
  const { records } = await client.list({ open: true });
  return Promise.all(records.map(({ id }) => client.get(id).follow()));
}
