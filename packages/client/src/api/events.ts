import { type TaskUpdate, updatesBetween } from '../task/updates.ts';
import { createBroadcast } from '../worker/broadcast.ts';
import type { Follower } from '../worker/follower.ts';

/** The updates of all tasks of a client in one stream. Costs nothing until somebody listens. */
export interface Events {
  watch(follower: Follower): void;
  listen(followers: Iterable<Follower>): AsyncIterableIterator<TaskUpdate>;
  end(): void;
}

export function createEvents(told: (follower: Follower) => void): Events {
  const broadcast = createBroadcast<TaskUpdate>();
  const piped = new WeakSet<Follower>();
  let listening = false;

  async function pipe(follower: Follower): Promise<void> {
    if (follower.record.phase === 'settled') return told(follower);
    if (piped.has(follower)) return;
    piped.add(follower);
    for await (const update of follower.broadcast.subscribe()) {
      broadcast.publish(update);
      if (update.kind === 'settled') return told(follower);
    }
  }

  return {
    watch(follower) {
      if (!listening) return;
      for (const update of updatesBetween(undefined, follower.record)) broadcast.publish(update);
      void pipe(follower);
    },
    listen(followers) {
      listening = true;
      const present = [...followers];
      const first = present.flatMap((follower) => updatesBetween(undefined, follower.record));
      for (const follower of present) void pipe(follower);
      return broadcast.subscribe(first);
    },
    end: broadcast.end,
  };
}
