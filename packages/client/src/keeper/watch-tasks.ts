import type { FollowedTask } from '../api/handle-api.ts';
import type { Outcome } from '../task/task.ts';

export interface WatchedTasks {
  has(id: string): boolean;
  add(task: FollowedTask): void;
}

/**
 * Waits for each task until it ends; calls `onBlocked` whenever it is blocked, for example by an unreachable server.
 */
export function watchTasks(onBlocked: (id: string, outcome: Outcome) => void): WatchedTasks {
  const watched = new Set<string>();

  async function watch(task: FollowedTask): Promise<void> {
    for (;;) {
      const outcome = await task.outcome();
      if (task.latest.outcome !== null || outcome.status === 'detached') return;
      onBlocked(task.id, outcome);
      if (outcome.status === 'unknown') return; // final: the call was lost, or its record deleted
    }
  }

  return {
    has: (id) => watched.has(id),
    add(task) {
      if (watched.has(task.id)) return task.detach();
      watched.add(task.id);
      void watch(task)
        .catch(() => undefined) // the keeper closes
        .finally(() => watched.delete(task.id));
    },
  };
}
