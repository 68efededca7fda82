import type { Clock } from '../clock.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { Follower } from './follower.ts';

const TICK_MS = 250;

export interface RecordWatch {
  start(): void;
  stop(): void;
}

/** Brings what other processes wrote to the followers here, and keeps their leases. Runs only while one is open. */
export function createRecordWatch(
  store: TaskStore,
  clock: Clock,
  followers: ReadonlyMap<string, Follower>,
): RecordWatch {
  let sequence = 0;
  let cancel: (() => void) | undefined;

  async function look(): Promise<void> {
    const { changed, removed, sequence: next } = await store.changesSince(sequence);
    sequence = next;
    await Promise.all(changed.map((record) => followers.get(record.id)?.recordChanged(record)));
    for (const id of removed) followers.get(id)?.removed();
    await Promise.all([...followers.values()].map((follower) => follower.tick(clock.now())));
  }

  function schedule(): void {
    cancel = clock.schedule(TICK_MS, () => {
      // A store in trouble is told of where a task is saved; here it only means there is no news.
      void look()
        .catch(() => undefined)
        .then(again);
    });
  }

  function again(): void {
    const open = [...followers.values()].some(
      (follower) => follower.record.phase !== 'settled' && follower.lost === null,
    );
    if (cancel === undefined) return;
    if (open) schedule();
    else cancel = undefined;
  }

  return {
    start() {
      if (cancel === undefined) schedule();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
