import type { FollowedTask } from '../api/handle-api.ts';
import type { Outcome } from '../task/task.ts';

/** The tasks that a keeper drives. */
export interface Attended {
  has(id: string): boolean;
  add(task: FollowedTask): void;
}

/** Waits for each task, as long as it is open, and tells whenever waiting makes no sense: its server is out of reach, say. */
export function attendTasks(onBlocked: (id: string, outcome: Outcome) => void): Attended {
  const attended = new Set<string>();

  async function attend(task: FollowedTask): Promise<void> {
    for (;;) {
      const outcome = await task.outcome();
      if (task.latest.outcome !== null || outcome.status === 'detached') return;
      onBlocked(task.id, outcome);
      if (outcome.status === 'unknown') return; // the call was lost, or its record deleted: it stays so
    }
  }

  return {
    has: (id) => attended.has(id),
    add(task) {
      if (attended.has(task.id)) return task.detach();
      attended.add(task.id);
      void attend(task)
        .catch(() => undefined) // the keeper ends
        .finally(() => attended.delete(task.id));
    },
  };
}
