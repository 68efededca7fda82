import type { Clock } from '../clock.ts';
import type { TaskStore } from '../store/task-store.ts';

const LOOK_MS = 3_600_000;

/** Deletes records that settled long ago, at once and every hour. Without `keepMs` nothing is deleted. */
export function pruneSettled(
  store: Pick<TaskStore, 'prune'>,
  clock: Clock,
  keepMs: number | undefined,
): { stop(): void } {
  let cancel = (): void => undefined;

  function look(keepMs: number): void {
    // A failing store is reported when a task is saved; pruning can wait.
    void store.prune(clock.now() - keepMs).catch(() => undefined);
    cancel = clock.schedule(LOOK_MS, () => look(keepMs));
  }

  if (keepMs !== undefined) look(keepMs);
  return { stop: () => cancel() };
}
