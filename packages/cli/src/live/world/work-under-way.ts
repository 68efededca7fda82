import type { TaskRecord } from '@mcp-tasks/client';
import type { Session } from '../../session/session.ts';
import { findKept, findWork, recordStopped } from '../../session/stop-children.ts';
import type { WorkUnderWay } from '../live-session.ts';
import type { WatchedRecords } from './watched-records.ts';
import type { WatchedServers } from './watched-servers.ts';

export interface ServerWorkOptions {
  readonly servers: WatchedServers;
  readonly records: WatchedRecords;
  readonly readOnly: boolean;
}

/** Running work at stdio servers, and how to stop it. */
export interface ServerWork {
  find(): Promise<WorkUnderWay>;
  /** Stops the keepers and their servers, and records it. */
  stopKept(): Promise<void>;
  /** Closes all servers; children of this process end, and the records say so. */
  close(): Promise<void>;
}

export function createServerWork(session: Session, options: ServerWorkOptions): ServerWork {
  const { servers, records, readOnly } = options;
  const { context, store, owner } = session;
  const children = { store, owner, now: context.now };
  const openedAt = context.now();

  /** Work at children of this process. A read-only view changes no record. */
  async function ownWork(): Promise<readonly TaskRecord[]> {
    const ours = [...records.all.values()].filter((record) => {
      const server = servers.find(record);
      return server?.state.state === 'connected' && server.keeper === undefined;
    });
    return readOnly ? [] : findWork(ours, children);
  }

  async function keptWork(): Promise<readonly TaskRecord[]> {
    const found = await Promise.all(
      [...servers.connections.values()].map(({ keeper, identity }) => {
        const its = [...records.all.values()].filter(({ server }) => server.fingerprint === identity.fingerprint);
        return keeper === undefined ? [] : findKept(its, keeper, store);
      }),
    );
    return found.flat();
  }

  return {
    /** Includes kept work only if some of it was started here: earlier work stays with its keeper. */
    async find() {
      const own = await ownWork();
      const kept = own.length === 0 ? await keptWork() : [];
      const startedHere = kept.some(({ createdAt }) => createdAt >= openedAt);
      return { ids: [...own, ...(startedHere ? kept : [])].map(({ id }) => id), isKept: own.length === 0 };
    },
    async stopKept() {
      const stopped = await keptWork();
      const kept = [...servers.connections.values()].filter(({ keeper }) => keeper !== undefined);
      await Promise.all(kept.map((server) => server.stop()));
      await recordStopped(stopped, children);
    },
    async close() {
      const stopped = await ownWork();
      await servers.close();
      await recordStopped(stopped, children);
    },
  };
}
