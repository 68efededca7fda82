import type { FollowedTask, TaskClient } from '@mcp-tasks/client';

/** A task on record, taken up. */
export interface OpenedTask {
  readonly client: Pick<TaskClient, 'close'>;
  readonly handle: FollowedTask;
  /** Whether this process has reached the server itself; otherwise another one did all there was to do. */
  readonly isConnected: () => boolean;
}
