import type { Database } from './database.ts';

/** Minimum pause between notifications of a channel: each one takes a database-wide lock. */
const PAUSE_MS = 250;

export interface Rings {
  ring(channel: string): void;
  /** Resolves when pending notifications are sent. */
  stop(): Promise<void>;
}

/** Notifies listeners in other processes. Their next poll makes up for a failed notification. */
export function createRings({ query }: Pick<Database, 'query'>): Rings {
  const ringing = new Set<Promise<unknown>>();
  const resting = new Map<string, { again: boolean; readonly timer: NodeJS.Timeout }>();

  function ring(channel: string): void {
    const rest = resting.get(channel);
    if (rest !== undefined) {
      rest.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const isAgain = resting.get(channel)?.again === true;
      resting.delete(channel);
      if (isAgain) ring(channel);
    }, PAUSE_MS);
    timer.unref();
    resting.set(channel, { again: false, timer });
    const sent = query("SELECT pg_notify($1, '')", [channel])
      .catch(() => undefined)
      .finally(() => ringing.delete(sent));
    ringing.add(sent);
  }

  return {
    ring,
    async stop() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
      await Promise.all(ringing);
    },
  };
}
