import type { TaskRecord } from '@mcp-tasks/client';
import { saveToCurrentFolder } from '../../session/save-result.ts';
import type { Session } from '../../session/session.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import type { LiveChange, LiveSession, Polling } from '../live-session.ts';
import { createLiveActions } from './live-actions.ts';
import { createLiveListeners } from './live-listeners.ts';
import { openUrl } from './open-url.ts';
import type { ServerConnection } from './server-connection-api.ts';
import { createWatchedRecords, type WatchedRecords } from './watched-records.ts';
import { createWatchedServers, type WatchedServers } from './watched-servers.ts';
import { createServerWork } from './work-under-way.ts';

export interface RunningLiveSession extends LiveSession {
  readonly records: ReadonlyMap<string, TaskRecord>;
  readonly servers: readonly ServerConnection[];
  /** Resolves once the recorded tasks were reported; servers connect later. */
  start(): Promise<void>;
  /** Reports a lasting problem, shown while the view is open. */
  warn(text: string): void;
  /** Same as `call`, but resolves to the record's id. */
  begin(serverFingerprint: string, tool: string, args: TaskRecord['arguments']): Promise<string>;
  close(): Promise<void>;
}

export interface LiveSessionOptions {
  /** Servers to watch; empty means all with open tasks. */
  readonly targets: readonly ResolvedTarget[];
  readonly readOnly: boolean;
}

/** Connects the live view to records and servers: reports changes, performs a person's actions. */
export async function createLiveSession(
  session: Session,
  { targets, readOnly }: LiveSessionOptions,
): Promise<RunningLiveSession> {
  const { context, store, owner } = session;
  const { clock } = context;
  const { report, subscribe, warn } = createLiveListeners(() => currentState(servers, records));
  const servers = createWatchedServers(session, {
    targets,
    readOnly,
    clock,
    report,
    onLost: (id, trouble) => records.markLost(id, trouble),
  });
  const records = createWatchedRecords(session, { servers, isChosen: targets.length > 0, clock, report });
  const { call, close, ...acts } = createLiveActions(session, { servers, records, readOnly });
  const work = createServerWork(session, { servers, records, readOnly });

  async function polling(id: string): Promise<Polling> {
    const holder = await store.ownerOf(id);
    const latest = holder === owner ? servers.find(records.all.get(id))?.latest(id) : undefined;
    if (latest === undefined) return { by: holder === undefined ? 'nobody' : 'another' };
    return { by: 'here', observedAt: latest.observedAt, nextPollAt: latest.nextPollAt };
  }

  return {
    ...acts,
    subscribe,
    warn,
    polling,
    records: records.all,
    get servers() {
      return [...servers.connections.values()];
    },
    async start() {
      await records.start();
      for (const server of servers.connections.values()) server.start();
    },
    detach: records.detach,
    follow: records.follow,
    save: (id) => saveToCurrentFolder(records.known(id), context),
    tools: async (fingerprint) => servers.named(fingerprint).tools(),
    call: async (given) => void (await call(given)),
    begin: (fingerprint, tool, args) => call({ fingerprint, tool, args }),
    openUrl: (url) => openUrl(url, context.platform),
    workUnderWay: work.find,
    stopServers: work.stopKept,
    async close() {
      records.stop();
      await close();
      await work.close();
    },
  };
}

/** The current state, for a late listener. */
function currentState(servers: WatchedServers, records: WatchedRecords): readonly LiveChange[] {
  const others = [...servers.others].map(
    ([fingerprint, found]) => ({ kind: 'others', fingerprint, records: found }) as const,
  );
  const all = [...records.all.values()];
  return [
    ...[...servers.connections.values()].map(({ state }) => state),
    ...others,
    ...(all.length === 0 ? [] : [{ kind: 'records', records: all, removed: [] } as const]),
  ];
}
