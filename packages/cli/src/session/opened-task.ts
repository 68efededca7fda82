import type { FollowedTask, TaskClient } from '@mcp-tasks/client';

export interface OpenedTask {
  readonly client: Pick<TaskClient, 'close'>;
  readonly handle: FollowedTask;
  /** True once this process reached the server; false when another process did all requests. */
  readonly isConnected: () => boolean;
}
