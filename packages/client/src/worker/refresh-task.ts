import type { Follower } from './followed-task.ts';

/** Tasks whose next poll is written down: several who want to know are told by one write. */
const awaited = new WeakSet<Follower>();

/**
 * Polls a task that is led here before its time, where that is not too often, and writes the answer of its next poll even
 * if it brings no news: who asked reads the record.
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
      if (leading) task.look();
    });
  }
  await task.dispatch({ type: 'look-wanted' });
  if (!isPolling()) task.look(); // what earlier polls told may not be written yet
}
