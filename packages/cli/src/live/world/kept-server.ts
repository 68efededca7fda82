import { ConnectionFailure, type RelayState, type TaskClient, TaskError } from '@mcp-tasks/client';
import type { KeptClient } from '@mcp-tasks/client/keeper';
import { isKept, openClient } from '../../session/open-client.ts';
import type { Session } from '../../session/session.ts';
import { type LogMessage, listenToLogs } from '../../targets/listen-to-logs.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** Time without failures after which the back-off resets, in ms. */
const STABLE_MS = 30_000;

/** Client of a server under a keeper: connects on the first request, and reconnects when the keeper has ended. */
export interface KeptServer extends TaskClient {
  /** Process id of the keeper, while connected. */
  keeper(): number | undefined;
  /** Stops the keeper and its server; does not reconnect. */
  stop(): Promise<void>;
}

/** Process id of the server's keeper, while connected. */
export function keptBy(client: TaskClient | undefined): number | undefined {
  return isKeptServer(client) ? client.keeper() : undefined;
}

export async function stopKept(client: TaskClient | undefined): Promise<void> {
  if (isKeptServer(client)) await client.stop();
}

function isKeptServer(client: TaskClient | undefined): client is KeptServer {
  return client !== undefined && Object.hasOwn(client, 'keeper');
}

export interface KeptServerListeners {
  readonly onConnection: (state: RelayState) => void;
  readonly onLog: (message: LogMessage) => void;
}

export function openKeptServer(
  session: Session,
  resolve: () => Promise<ResolvedTarget>,
  { onConnection, onLog }: KeptServerListeners,
): KeptServer {
  const { now } = session.context;
  /** All clients opened so far: tasks of an earlier client continue through their records. */
  const clients: KeptClient[] = [];
  let current: KeptClient | undefined;
  let opening: Promise<KeptClient> | undefined;
  let failures = 0;
  let openedAt = 0;
  let isClosed = false;

  function onLost(error: unknown): void {
    current = undefined;
    opening = undefined;
    if (isClosed) return;
    if (now() - openedAt >= STABLE_MS) failures = 0;
    const retryInMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    failures += 1;
    const message = error instanceof Error ? error.message : String(error);
    onConnection({ kind: 'lost', error: new ConnectionFailure({ kind: 'transport', message }, error), retryInMs });
  }

  async function openKept(): Promise<KeptClient> {
    if (isClosed) throw new TaskError('closed', 'This view was closed');
    onConnection({ kind: 'opening' });
    try {
      const client = await openClient(session, await resolve(), { mayAsk: false });
      if (!isKept(client)) throw new TaskError('unsupported', 'The records cannot be saved: the server is not started');
      clients.push(client);
      current = client;
      openedAt = now();
      client.connection.onClosed(({ message }) => {
        if (current === client) onLost(new TaskError('unreachable', message));
      });
      listenToLogs(client.connection, onLog);
      onConnection({ kind: 'open' });
      return client;
    } catch (error) {
      onLost(error);
      throw error;
    }
  }

  function openOnce(): Promise<KeptClient> {
    opening ??= openKept();
    return opening;
  }

  function currentClient(): KeptClient {
    if (current !== undefined) return current;
    throw new TaskError('closed', 'The server is not connected now');
  }

  return {
    get connection() {
      return currentClient().connection;
    },
    keeper: () => current?.keeper.pid,
    listTools: async (...args) => (await openOnce()).listTools(...args),
    start: async (...args) => (await openOnce()).start(...args),
    run: async (...args) => (await openOnce()).run(...args),
    get: (id) => currentClient().get(id),
    list: async (...args) => (await openOnce()).list(...args),
    async *events(filter) {
      yield* (await openOnce()).events(filter);
    },
    listUnrecorded: async () => (await openOnce()).listUnrecorded(),
    adopt: async (...args) => (await openOnce()).adopt(...args),
    follow: async (...args) => (await openOnce()).follow(...args),
    async reconnect() {
      await openOnce();
    },
    async stop() {
      isClosed = true;
      await current?.stop();
    },
    async close() {
      isClosed = true;
      await Promise.all(clients.map((client) => client.close()));
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
