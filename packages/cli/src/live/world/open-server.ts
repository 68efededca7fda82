import { createTaskClient, type RelayState, type TaskClient, type TaskRecord } from '@mcp-tasks/client';
import { jobsOf } from '../../jobs/jobs-of.ts';
import type { Session } from '../../session/session.ts';
import { DEMO } from '../../targets/demo-target.ts';
import { type LogMessage, listenToLogs } from '../../targets/listen-to-logs.ts';
import { openConnection } from '../../targets/open-connection.ts';
import type { ConnectFlags, ResolvedTarget } from '../../targets/resolved-target.ts';
import { onRevisionRefused } from '../../targets/revision-refused.ts';
import { openKeptServer } from './kept-server.ts';

export interface ServerOptions {
  readonly identity: TaskRecord['server'];
  readonly resolve: () => Promise<ResolvedTarget>;
  readonly onLog: (message: LogMessage) => void;
  /** Read-only: sends no answer or cancellation. */
  readonly observe: boolean;
}

/** Client of a server: connects on the first request, and reconnects after a lost connection. */
export function openServer(
  session: Session,
  { identity, resolve, observe, onLog }: ServerOptions,
  onConnection: (state: RelayState) => void,
): TaskClient {
  const { context, flags, store, owner } = session;
  // A read-only view starts no keeper, which would send recorded answers and cancellations.
  const isStdio = identity.target.kind === 'command' && identity.fingerprint !== DEMO;
  if (isStdio && !observe && session.unsaved() === undefined) {
    return openKeptServer(session, resolve, { onConnection, onLog });
  }
  let jobs: Awaited<ReturnType<typeof jobsOf>> | undefined;
  /** True once the server refused the revision of its session. */
  let isRefused = false;
  const client = createTaskClient({
    connect: async (last) => {
      const resolved = await resolve();
      jobs ??= await jobsOf(resolved, context, flags as ConnectFlags);
      // A 2025-11-25 task may live in the session of the previous connection.
      const same =
        last?.sessionId === undefined || isRefused ? {} : { sessionId: last.sessionId, revision: last.revision };
      const connection = await openConnection(resolved, context, flags, { mayAsk: false, ...same });
      listenToLogs(connection, onLog);
      return onRevisionRefused(connection, () => {
        isRefused = true;
        void client.reconnect().catch(() => undefined); // the connection state has the error
      });
    },
    onConnection,
    identity,
    store,
    owner,
    observe,
    jobs: (server) => jobs?.of(server),
  });
  return client;
}

/** Second client, in the session that holds a task (2025-11-25 over HTTP). */
export function openSession(session: Session, { resolve, observe }: ServerOptions, record: TaskRecord): TaskClient {
  const { context, flags, store, owner } = session;
  const { server, sessionId, revision } = record;
  return createTaskClient({
    connect: async () => openConnection(await resolve(), context, flags, { mayAsk: false, sessionId, revision }),
    identity: server,
    store,
    owner,
    observe,
  });
}
