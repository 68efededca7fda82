import type { FollowedTask } from '../api/handle-api.ts';
import type { Outcome } from '../task/task.ts';

export interface Attended {
  has(id: string): boolean;
  add(task: FollowedTask): void;
}

/**
 * Waits for each task until it ends; calls `onBlocked` whenever it is blocked, for example by an unreachable server.
 */
export function attendTasks(onBlocked: (id: string, outcome: Outcome) => void): Attended {
  const attended = new Set<string>();

  async function attend(task: FollowedTask): Promise<void> {
    for (;;) {
      const outcome = await task.outcome();
      if (task.latest.outcome !== null || outcome.status === 'detached') return;
      onBlocked(task.id, outcome);
      if (outcome.status === 'unknown') return; // final: the call was lost, or its record deleted
    }
  }

  return {
    has: (id) => attended.has(id),
    add(task) {
      if (attended.has(task.id)) return task.detach();
      attended.add(task.id);
      void attend(task)
        .catch(() => undefined) // the keeper closes
        .finally(() => attended.delete(task.id));
    },
  };
}
