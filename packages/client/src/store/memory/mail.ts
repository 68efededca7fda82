import type { Interest } from '../task-store.ts';

/** One write: its record, the record's owner, and the owner that wrote. */
interface Written {
  readonly id: string;
  readonly holder: string | null;
  readonly writer: string | undefined;
}

interface Subscriber {
  readonly interest: Interest;
  readonly listener: (ids: readonly string[], looks: readonly string[]) => void;
  readonly waiting: Set<string>;
  readonly looks: Set<string>;
}

/** Reports writes in a microtask after the work that made them. */
export interface Mail {
  deliver(written: Written): void;
  /** Asks the owner to poll the task. */
  post(id: string, owner: string): void;
  subscribe(interest: Interest, listener: Subscriber['listener']): () => void;
}

export function createMail(): Mail {
  const subscribers = new Set<Subscriber>();

  function flush(subscriber: Subscriber): void {
    if (!subscribers.has(subscriber)) return;
    const [ids, looks] = [[...subscriber.waiting], [...subscriber.looks]];
    subscriber.waiting.clear();
    subscriber.looks.clear();
    subscriber.listener(ids, looks);
  }

  function add(subscriber: Subscriber, kind: 'waiting' | 'looks', id: string): void {
    if (subscriber.waiting.size + subscriber.looks.size === 0) queueMicrotask(() => flush(subscriber));
    subscriber[kind].add(id);
  }

  return {
    deliver({ id, holder, writer }) {
      for (const subscriber of subscribers) {
        const { interest } = subscriber;
        if ('owner' in interest && (holder !== interest.owner || writer === interest.owner)) continue;
        add(subscriber, 'waiting', id);
      }
    },
    post(id, owner) {
      for (const subscriber of subscribers) {
        const { interest } = subscriber;
        if ('owner' in interest && interest.owner === owner) add(subscriber, 'looks', id);
      }
    },
    subscribe(interest, listener) {
      const subscriber: Subscriber = { interest, listener, waiting: new Set(), looks: new Set() };
      subscribers.add(subscriber);
      return () => {
        subscribers.delete(subscriber);
      };
    },
  };
}
