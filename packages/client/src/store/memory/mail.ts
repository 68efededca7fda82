import type { Interest } from '../task-store.ts';

/** One write: what it was to, who held the task, and under whose lease it was made. */
interface Written {
  readonly id: string;
  readonly holder: string | null;
  readonly writer: string | undefined;
}

interface Subscriber {
  readonly interest: Interest;
  readonly listener: (ids: readonly string[]) => void;
  readonly waiting: Set<string>;
}

/** Tells of writes once the work that made them is done. */
export interface Mail {
  deliver(written: Written): void;
  subscribe(interest: Interest, listener: (ids: readonly string[]) => void): () => void;
}

export function createMail(): Mail {
  const subscribers = new Set<Subscriber>();

  function flush(subscriber: Subscriber): void {
    if (!subscribers.has(subscriber)) return;
    const ids = [...subscriber.waiting];
    subscriber.waiting.clear();
    subscriber.listener(ids);
  }

  return {
    deliver({ id, holder, writer }) {
      for (const subscriber of subscribers) {
        const { interest, waiting } = subscriber;
        if ('owner' in interest && (holder !== interest.owner || writer === interest.owner)) continue;
        if (waiting.size === 0) queueMicrotask(() => flush(subscriber));
        waiting.add(id);
      }
    },
    subscribe(interest, listener) {
      const subscriber: Subscriber = { interest, listener, waiting: new Set() };
      subscribers.add(subscriber);
      return () => {
        subscribers.delete(subscriber);
      };
    },
  };
}
