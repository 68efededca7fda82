import type Database from 'libsql';
import type { Clock } from '../../clock.ts';
import type { Interest } from '../task-store.ts';
import type { ChangeFeed } from './change-feed.ts';

const CHECK_MS = 250;

interface Subscriber {
  readonly interest: Interest;
  readonly listener: (ids: readonly string[] | undefined) => void;
  since: number | undefined;
}

export interface MailPoller {
  subscribe(interest: Interest, listener: (ids: readonly string[] | undefined) => void): () => void;
  /** Notes a write of this store. `own`: only under leases, whose owner made the write. */
  noteWrite(kind: 'own' | 'mail'): void;
  stop(): void;
}

/**
 * Checks four times a second for writes, while it has listeners; without a write the check is one statement. A write of
 * this process to a task without its lease is reported at once.
 */
export function createMailPoller(
  db: Database.Database,
  feed: ChangeFeed,
  assertInPlace: () => void,
  schedule: Clock['schedule'],
): MailPoller {
  const subscribers = new Set<Subscriber>();
  const dataVersion = db.prepare('PRAGMA data_version');
  let cancel: (() => void) | undefined;
  let soon: NodeJS.Immediate | undefined;
  let seenVersion: number | undefined;
  let written = false;
  let hasFailed = false;

  function deliver(subscriber: Subscriber): void {
    const { interest, since } = subscriber;
    const at = since ?? feed.sequence();
    const news = 'owner' in interest ? feed.mailOf(interest.owner, at) : feed.newsSince(at);
    subscriber.since = news.sequence;
    if (news.ids === undefined || news.ids.length > 0) subscriber.listener(news.ids);
  }

  /** Reports `undefined`: the listeners reread, and get the store's error themselves. */
  function reportFailure(): void {
    if (hasFailed) return;
    hasFailed = true;
    for (const { listener } of [...subscribers]) listener(undefined);
  }

  function checkWrites(): void {
    try {
      assertInPlace();
      const { data_version: version } = dataVersion.get() as { data_version: number };
      const isQuiet = version === seenVersion && !written && !hasFailed;
      seenVersion = version;
      written = false;
      hasFailed = false;
      if (!isQuiet) for (const subscriber of [...subscribers]) if (subscribers.has(subscriber)) deliver(subscriber);
    } catch {
      reportFailure();
    }
  }

  function checkSoon(): void {
    soon ??= setImmediate(() => {
      soon = undefined;
      checkWrites();
    });
  }

  function scheduleCheck(): void {
    cancel = schedule(CHECK_MS, () => {
      scheduleCheck();
      checkWrites();
    });
  }

  function stopChecks(): void {
    cancel?.();
    clearImmediate(soon);
    cancel = undefined;
    soon = undefined;
  }

  function startSequence(): number | undefined {
    try {
      return feed.sequence();
    } catch {
      return undefined;
    }
  }

  return {
    subscribe(interest, listener) {
      const subscriber: Subscriber = { interest, listener, since: startSequence() };
      subscribers.add(subscriber);
      if (cancel === undefined) scheduleCheck();
      return () => {
        subscribers.delete(subscriber);
        if (subscribers.size === 0) stopChecks();
      };
    },
    noteWrite(kind) {
      written = true;
      if (kind === 'mail' && subscribers.size > 0) checkSoon();
    },
    stop() {
      subscribers.clear();
      stopChecks();
    },
  };
}
