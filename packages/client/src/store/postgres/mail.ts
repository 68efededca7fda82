import { createHash } from 'node:crypto';
import type { Interest, TaskMail, TaskStore } from '../task-store.ts';
import type { Database } from './database.ts';
import { createMailPoller, type MailPoller } from './mail-poller.ts';
import { createMailTable } from './mail-table.ts';
import { createNotifier } from './notifier.ts';
import type { Session } from './session.ts';

/** Polling intervals for mail, with and without notifications. */
const NOTIFIED_MS = 5_000;
const UNNOTIFIED_MS = 1_000;
const NEWS_MS = 1_000;

export interface Mail {
  readonly onMail: TaskStore['onMail'];
  /** Asks the owner to poll a task that it holds; false if it no longer holds it. */
  post(mail: TaskMail, owner: string): Promise<boolean>;
  wakeOwner(owner: string): void;
  wakeAll(): void;
  /** A notification arrived on this channel. */
  onNotification(channel: string): void;
  /** Notifications arrive from now on. `isAgain`: some may have been missed, so everything is reread. */
  onListening(isAgain: boolean): void;
  stop(): Promise<void>;
}

/** Channel of a tenant and owner, 50 characters: PostgreSQL cuts names at 63. */
function channelOf(...parts: readonly string[]): string {
  return `mcp_tasks_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
}

/** Listeners by channel. A notification only wakes a read of the tables. */
export function createMail(database: Database, session: Session, onTaken: (latencyMs: number) => void): Mail {
  const { schema, tenant } = database;
  const table = createMailTable(database, onTaken);
  const pollers = new Map<string, MailPoller>();
  const notifier = createNotifier(database);
  const newsChannel = channelOf(schema, tenant);
  const channelOfOwner = (owner: string): string => channelOf(schema, tenant, owner);

  function startPoller(interest: Interest, channel: string): MailPoller {
    session.start();
    session.listen(channel);
    const created =
      'owner' in interest
        ? createMailPoller(table.mailOf(interest.owner), () => (session.isListening ? NOTIFIED_MS : UNNOTIFIED_MS))
        : createMailPoller(table.news(), () => NEWS_MS);
    pollers.set(channel, created);
    return created;
  }

  function wake(channel: string): void {
    pollers.get(channel)?.wake();
    notifier.notify(channel);
  }

  return {
    onMail(interest, listener) {
      const channel = 'owner' in interest ? channelOfOwner(interest.owner) : newsChannel;
      const end = (pollers.get(channel) ?? startPoller(interest, channel)).add(listener);
      return () => {
        if (end()) return;
        pollers.delete(channel);
        session.unlisten(channel);
      };
    },
    async post(posted, owner) {
      const isHeld = await table.post(posted, owner);
      if (isHeld) wake(channelOfOwner(owner));
      return isHeld;
    },
    wakeOwner: (owner) => wake(channelOfOwner(owner)),
    wakeAll: () => wake(newsChannel),
    onNotification: (channel) => pollers.get(channel)?.wake(),
    onListening(isAgain) {
      for (const each of pollers.values()) {
        if (isAgain) each.rereadAll();
        each.wake();
      }
    },
    async stop() {
      for (const each of pollers.values()) each.stop();
      pollers.clear();
      await notifier.stop();
    },
  };
}
