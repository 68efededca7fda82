import { type Clock, TaskError, type TaskRecord } from '@mcp-tasks/client';
import type { Session } from '../../session/session.ts';
import { isDemoRecord } from '../../targets/demo-target.ts';
import { isLostForGood } from '../../targets/is-lost-for-good.ts';
import type { LiveChange } from '../live-session.ts';
import { createLostCalls } from './lost-calls.ts';
import { createRecordFeed } from './record-feed.ts';
import type { WatchedServers } from './watched-servers.ts';

/** Settled tasks stay in the view for one day, in ms; older ones are in `list --all`. */
const RECENT_MS = 86_400_000;

export interface WatchedRecordsOptions {
  readonly servers: Pick<WatchedServers, 'connections' | 'find' | 'of'>;
  /** Shows only records of the given servers, and follows all of theirs. */
  readonly isChosen: boolean;
  readonly clock: Clock;
  readonly report: (change: LiveChange) => void;
}

/** Records of the view, reported at each change; open tasks are followed unless a person detached them. */
export interface WatchedRecords {
  readonly all: ReadonlyMap<string, TaskRecord>;
  /** @throws {TaskError} `not-found` */
  known(id: string): TaskRecord;
  /** Marks the record's call as lost. */
  markLost(id: string, trouble: string): void;
  detach(id: string): void;
  follow(id: string): void;
  /** Resolves once the recorded tasks were reported. */
  start(): Promise<void>;
  stop(): void;
}

export function createWatchedRecords({ store, owner }: Session, options: WatchedRecordsOptions): WatchedRecords {
  const { servers, isChosen, clock, report } = options;
  const records = new Map<string, TaskRecord>();
  const detached = new Set<string>();
  const since = clock.now() - RECENT_MS;

  function isShown(record: TaskRecord): boolean {
    if (isChosen && !servers.connections.has(record.server.fingerprint)) return false;
    return record.phase !== 'settled' || record.updatedAt > since || records.has(record.id);
  }

  function reportRecords(changed: readonly TaskRecord[], removed: readonly string[] = []): void {
    for (const record of changed) records.set(record.id, record);
    report({ kind: 'records', records: changed, removed });
  }

  const lost = createLostCalls({ ...clock, store, onLost: reportRecords });
  const feed = createRecordFeed(
    store,
    (changed, removed) => {
      const shown = lost.read(changed.filter(isShown));
      for (const id of removed) {
        const connection = servers.find(records.get(id));
        records.delete(id);
        connection?.unfollow(id);
      }
      reportRecords(shown, removed);
      for (const record of shown) void followIfOpen(record);
    },
    (error) => report({ kind: 'notice', text: error instanceof Error ? error.message : String(error) }),
  );

  /** Follows open tasks; if another live process runs the stdio server, follows the task only through its record. */
  async function followIfOpen(record: TaskRecord): Promise<void> {
    if (record.phase === 'settled') return servers.find(record)?.unfollow(record.id);
    if (detached.has(record.id) || record.server.target.kind === 'host' || (await isLostForGood(record))) return;
    if (!isChosen && record.server.target.kind === 'command' && !isDemoRecord(record) && (await isHeld(record))) return;
    servers.of(record).follow(record);
  }

  async function isHeld({ id }: TaskRecord): Promise<boolean> {
    const holder = await store.ownerOf(id).catch(() => undefined);
    return holder !== undefined && holder !== owner;
  }

  return {
    all: records,
    known(id) {
      const record = records.get(id);
      if (record === undefined) throw new TaskError('not-found', `No task ${id} on record`);
      return record;
    },
    markLost(id, trouble) {
      const record = records.get(id);
      if (record !== undefined) lost.add(record, trouble);
    },
    detach(id) {
      detached.add(id);
      servers.find(records.get(id))?.unfollow(id);
    },
    follow(id) {
      detached.delete(id);
      const record = records.get(id);
      if (record !== undefined) void followIfOpen(record);
    },
    start: feed.start,
    stop() {
      feed.stop();
      lost.stop();
    },
  };
}
