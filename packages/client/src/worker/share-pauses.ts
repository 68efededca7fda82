import { type Clock, monotonicNow } from '../clock.ts';
import type { ServerPause, TaskStore } from '../store/task-store.ts';
import type { RequestLimit } from './request-limit.ts';

/** Requests in flight together receive nearly the same pause: share only one that ends this much later. */
const NEWS_MS = 1_000;

/** The pauses of servers, as known to the processes on one store. */
interface SharedPauses {
  join(fingerprint: string, limit: RequestLimit): void;
}

function createSharedPauses(store: TaskStore, clock: Clock): SharedPauses {
  const limits = new Map<string, WeakRef<RequestLimit>>();
  const until = new Map<string, number>();

  function applyPauses(pauses: readonly ServerPause[]): void {
    for (const { fingerprint, forMs } of pauses) {
      until.set(fingerprint, monotonicNow(clock) + forMs);
      limits.get(fingerprint)?.deref()?.pause(forMs);
    }
  }

  function sharePause(fingerprint: string, forMs: number): void {
    const at = monotonicNow(clock) + forMs;
    if (at < (until.get(fingerprint) ?? 0) + NEWS_MS) return;
    until.set(fingerprint, at);
    // If the store fails, other processes receive their own Retry-After.
    void store.pauseServer?.({ fingerprint, forMs }).catch(() => undefined);
  }

  store.onPause?.(applyPauses);
  return {
    join(fingerprint, limit) {
      if (limits.get(fingerprint)?.deref() === limit) return;
      limits.set(fingerprint, new WeakRef(limit));
      limit.pause((until.get(fingerprint) ?? 0) - monotonicNow(clock));
      limit.onPushback((forMs) => sharePause(fingerprint, forMs));
    },
  };
}

const shared = new WeakMap<TaskStore, SharedPauses>();

/** Shares a Retry-After: it pauses the requests of every process on this store to this server. */
export function sharePauses(store: TaskStore, clock: Clock, fingerprint: string, limit: RequestLimit): void {
  if (store.pauseServer === undefined) return;
  const pauses = shared.get(store) ?? createSharedPauses(store, clock);
  shared.set(store, pauses);
  pauses.join(fingerprint, limit);
}
