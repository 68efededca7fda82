import type { Clock } from '../clock.ts';
import type { TaskStore } from '../store/task-store.ts';

const INTERVAL_MS = 3_600_000;

/** Deletes records that settled long ago, at once and every hour. Without `keepMs` nothing is deleted. */
export function pruneSettled(
  store: Pick<TaskStore, 'prune'>,
  clock: Clock,
  keepMs: number | undefined,
): { stop(): void } {
  let cancel = (): void => undefined;

  function prune(keepMs: number): void {
    // A failing store is reported when a task is saved; pruning can wait.
    void store.prune(clock.now() - keepMs).catch(() => undefined);
    cancel = clock.schedule(INTERVAL_MS, () => prune(keepMs));
  }

  if (keepMs !== undefined) prune(keepMs);
  return { stop: () => cancel() };
}
