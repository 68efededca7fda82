import type { Follower } from './followed-task.ts';

/** Tasks whose next poll is saved even without news: one write serves several refreshes. */
const awaited = new WeakSet<Follower>();

/**
 * Polls a task that is led here early, unless that would be too often, and saves its next response even without news:
 * the caller of the refresh reads the record.
 */
export async function refreshTask(task: Follower, isPolling: () => boolean): Promise<void> {
  const { observedAt } = task.record;
  if (!awaited.has(task)) {
    awaited.add(task);
    const end = task.onPoll(() => {
      const { record, leading } = task;
      if (leading && record.observedAt === observedAt && record.contact === undefined) return;
      end();
      awaited.delete(task);
      if (leading) task.sync();
    });
  }
  await task.dispatch({ type: 'refresh-requested' });
  if (!isPolling()) task.sync(); // earlier responses may not be saved yet
}
