import { createHash } from 'node:crypto';
import type { ServerPause, TaskStore } from '../task-store.ts';
import type { Database } from './database.ts';
import { plain } from './record-columns.ts';
import type { Session } from './session.ts';

/** Rest of each paused server's pause, in ms. */
export type PausesLeft = Readonly<Record<string, number>>;

/** Pauses of servers, shared by all workers of a tenant. */
export interface Pauses extends Required<Pick<TaskStore, 'pauseServer' | 'onPause'>> {
  /** Reports the pauses that a heartbeat read. */
  read(left: PausesLeft | null): void;
  /** A notification arrived on this channel. */
  onNotification(channel: string): void;
}

/** SQL expression of the current pauses, for the heartbeat's statement. */
export function pausesLeft(schema: string): string {
  return `(SELECT json_object_agg(fingerprint, until - ${schema}.now_ms()) FROM ${schema}.pauses
    WHERE tenant = $1 AND until > ${schema}.now_ms())`;
}

export function createPauses({ schema, tenant, query }: Database, session: Session): Pauses {
  const listeners = new Set<(pauses: readonly ServerPause[]) => void>();
  const channel = `mcp_tasks_${createHash('sha256')
    .update(JSON.stringify([schema, tenant, 'pauses']))
    .digest('hex')
    .slice(0, 40)}`;
  const write = `WITH old AS (DELETE FROM ${schema}.pauses WHERE tenant = $1 AND fingerprint <> $2 AND until < ${schema}.now_ms())
    INSERT INTO ${schema}.pauses AS p (tenant, fingerprint, until) VALUES ($1, $2, ${schema}.now_ms() + $3)
    ON CONFLICT (tenant, fingerprint) DO UPDATE SET until = greatest(p.until, excluded.until)`;

  function read(left: PausesLeft | null): void {
    const pauses = Object.entries(left ?? {}).map(([fingerprint, forMs]) => ({ fingerprint, forMs }));
    if (pauses.length > 0) for (const listener of [...listeners]) listener(pauses);
  }

  return {
    read,
    async pauseServer({ fingerprint, forMs }) {
      await query(write, [tenant, plain(fingerprint), forMs]);
      await query("SELECT pg_notify($1, '')", [channel]);
    },
    onPause(listener) {
      session.start();
      session.listen(channel);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onNotification(name) {
      if (name !== channel) return;
      // On failure, the next heartbeat reads the pauses.
      query<{ left: PausesLeft | null }>(`SELECT ${pausesLeft(schema)} AS left`, [tenant]).then(
        ([row]) => read(row?.left ?? null),
        () => undefined,
      );
    },
  };
}
