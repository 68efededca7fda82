import type { Database } from './database.ts';

/** Minimum pause between notifications of a channel: each one takes a database-wide lock. */
const PAUSE_MS = 250;

export interface Notifier {
  notify(channel: string): void;
  /** Resolves when pending notifications are sent. */
  stop(): Promise<void>;
}

/** Notifies listeners in other processes. Their next poll makes up for a failed notification. */
export function createNotifier({ query }: Pick<Database, 'query'>): Notifier {
  const sending = new Set<Promise<unknown>>();
  const pausing = new Map<string, { again: boolean; readonly timer: NodeJS.Timeout }>();

  function notify(channel: string): void {
    const pause = pausing.get(channel);
    if (pause !== undefined) {
      pause.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const isAgain = pausing.get(channel)?.again === true;
      pausing.delete(channel);
      if (isAgain) notify(channel);
    }, PAUSE_MS);
    timer.unref();
    pausing.set(channel, { again: false, timer });
    const sent = query("SELECT pg_notify($1, '')", [channel])
      .catch(() => undefined)
      .finally(() => sending.delete(sent));
    sending.add(sent);
  }

  return {
    notify,
    async stop() {
      for (const { timer } of pausing.values()) clearTimeout(timer);
      pausing.clear();
      await Promise.all(sending);
    },
  };
}
