import type { Clock } from '../clock.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { Follower } from '../worker/followed-task.ts';
import { postToRecord } from './post-to-record.ts';

const FIRST_MS = 1_000;

/**
 * Makes the lease holder save its state: it saves polls without news only once a minute. A write without the lease
 * triggers the save, once per poll interval, until the returned function is called.
 */
export function requestSaves(follower: Follower, store: TaskStore, clock: Clock): () => void {
  let cancel: (() => void) | undefined;
  const again = (): void => {
    const delayMs = Math.max(FIRST_MS, (follower.record.pollIntervalMs ?? 0) * 1.1);
    cancel = clock.schedule(delayMs, () => {
      if (follower.isLeft || follower.record.phase === 'settled') return;
      again();
      if (follower.leading) return;
      void postToRecord(follower, store, (record) => ({ ...record })).catch(() => undefined);
    });
  };
  again();
  return () => cancel?.();
}
