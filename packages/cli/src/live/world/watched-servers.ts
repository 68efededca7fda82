import { type Clock, TaskError, type TaskRecord } from '@mcp-tasks/client';
import { signedInAt } from '../../auth/credentials.ts';
import { closeSoon } from '../../session/close-soon.ts';
import type { Session } from '../../session/session.ts';
import { identifyTarget } from '../../targets/identify-target.ts';
import { createLogLimit } from '../../targets/log-limit.ts';
import type { ConnectFlags, ResolvedTarget } from '../../targets/resolved-target.ts';
import { targetOfRecord } from '../../targets/target-of-record.ts';
import type { LiveChange } from '../live-session.ts';
import { createServerConnection } from './server-connection.ts';
import type { ServerConnection } from './server-connection-api.ts';

export interface WatchedServersOptions {
  /** Servers watched from the start; others are added with their tasks. */
  readonly targets: readonly ResolvedTarget[];
  readonly readOnly: boolean;
  readonly clock: Clock;
  readonly report: (change: LiveChange) => void;
  /** Called when the reply to a call made here was lost for good. */
  readonly onLost: (id: string, trouble: string) => void;
}

/** Servers of the view, and their tasks without a record here. */
export interface WatchedServers {
  readonly connections: ReadonlyMap<string, ServerConnection>;
  /** Unrecorded tasks by server. */
  readonly others: ReadonlyMap<string, readonly TaskRecord[]>;
  find(record: TaskRecord | undefined): ServerConnection | undefined;
  /** Connection of the record's server, created if needed. */
  of(record: TaskRecord): ServerConnection;
  /** @throws {TaskError} `not-found` for a server that is not watched */
  named(fingerprint: string): ServerConnection;
  /** Hides a task that a person has just deleted from the unrecorded tasks. */
  forget(taskId: string): void;
  close(): Promise<void>;
}

export function createWatchedServers(session: Session, options: WatchedServersOptions): WatchedServers {
  const { context, flags } = session;
  const connections = new Map<string, ServerConnection>();
  const others = new Map<string, readonly TaskRecord[]>();
  const forgotten = new Set<string>();
  const logs = createLogLimit(options.clock, (message) => options.report({ kind: 'log', message }));

  function addServer(identity: TaskRecord['server'], resolve: () => Promise<ResolvedTarget>): ServerConnection {
    const server = { identity, resolve, observe: options.readOnly, onLog: logs.add };
    const { fingerprint } = identity;
    const connection = createServerConnection({
      identity,
      clock: options.clock,
      // Import late: most of the program is connection code, and the view appears before it loads.
      open: async (onConnection) => (await import('./open-server.ts')).openServer(session, server, onConnection),
      openSession: async (record) => (await import('./open-server.ts')).openSession(session, server, record),
      onState: options.report,
      onOthers(listed) {
        const records = listed.filter(({ taskId }) => taskId !== null && !forgotten.has(taskId));
        others.set(fingerprint, records);
        options.report({ kind: 'others', fingerprint, records });
      },
      onNotice: (text, id) => options.report({ kind: 'notice', text, ...(id === undefined ? {} : { recordId: id }) }),
      onLost: options.onLost,
      signedInAt: () => signedInAt(context, fingerprint),
    });
    connections.set(fingerprint, connection);
    return connection;
  }

  for (const target of options.targets) {
    const identity = identifyTarget(target);
    if (!connections.has(identity.fingerprint)) addServer(identity, async () => target);
  }

  const find = (record: TaskRecord | undefined): ServerConnection | undefined =>
    record === undefined ? undefined : connections.get(record.server.fingerprint);

  return {
    connections,
    others,
    find,
    of: (record) =>
      find(record) ?? addServer(record.server, () => targetOfRecord(record, flags as ConnectFlags, context)),
    named(fingerprint) {
      const connection = connections.get(fingerprint);
      if (connection === undefined) throw new TaskError('not-found', 'That server is not watched here');
      return connection;
    },
    forget: (taskId) => void forgotten.add(taskId),
    close() {
      logs.stop();
      return closeSoon(
        { close: () => Promise.all([...connections.values()].map((connection) => connection.close())) },
        context,
      );
    },
  };
}
