import { own } from '../task/own.ts';
import { updatesBetween } from '../task/updates.ts';
import { createBroadcast } from '../worker/broadcast.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import type { EventFilter } from './client-api.ts';
import type { TaskUpdate } from './handle-api.ts';
import { withQuestion } from './question.ts';
import { filterIterator } from './update-iterators.ts';

/** The updates of all tasks of a client in one stream. Costs nothing without a listener. */
export interface Events {
  watch(follower: Follower): void;
  /** With labels: only tasks that have all of them. */
  listen(followers: Iterable<Follower>, filter: EventFilter): AsyncIterableIterator<TaskUpdate>;
  end(): void;
}

export function createEvents(endReceived: (follower: Follower) => void, around: ClientContext): Events {
  const broadcast = createBroadcast<TaskUpdate>();
  const piped = new WeakSet<Follower>();
  let listening = false;

  const present = (follower: Follower): readonly TaskUpdate[] =>
    updatesBetween(undefined, follower.record).map((change) => withQuestion(change, follower, around));

  async function pipe(follower: Follower): Promise<void> {
    if (follower.record.phase === 'settled') return endReceived(follower);
    if (piped.has(follower)) return;
    piped.add(follower);
    for await (const change of follower.broadcast.subscribe()) {
      broadcast.publish(withQuestion(change, follower, around));
      if (change.kind === 'settled') return endReceived(follower);
    }
  }

  return {
    watch(follower) {
      if (!listening) return;
      for (const update of present(follower)) broadcast.publish(update);
      void pipe(follower);
    },
    listen(followers, { labels = {} }) {
      listening = true;
      const all = [...followers];
      const first = all.flatMap(present);
      for (const follower of all) void pipe(follower);
      const wanted = Object.entries(labels);
      if (wanted.length === 0) return broadcast.subscribe(first);
      const isWanted = ({ record }: TaskUpdate): boolean =>
        wanted.every(([name, value]) => own(record.labels, name) === value);
      return filterIterator(broadcast.subscribe(first), isWanted);
    },
    end: () => broadcast.end(),
  };
}
