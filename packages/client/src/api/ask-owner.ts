import type { Clock } from '../clock.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { Follower } from '../worker/followed-task.ts';
import { postToRecord } from './post-to-record.ts';

const FIRST_MS = 1_000;

/**
 * The worker that leads a task writes a poll that brought nothing new once a minute only. A write without the lease
 * makes it write what it knows: asked about once in a hint, until called back.
 */
export function askOwner(follower: Follower, store: TaskStore, clock: Clock): () => void {
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
