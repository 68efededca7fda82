import type { TaskClient } from '../api/client-api.ts';
import { findRecord } from '../api/find-record.ts';
import type { FollowedTask } from '../api/handle-api.ts';
import { createLazyHandle } from '../api/lazy-handle.ts';
import type { JobsOption } from '../api/mapped-jobs.ts';
import { runCall } from '../api/run-call.ts';
import { createTaskClient } from '../api/task-client.ts';
import type { Clock } from '../clock.ts';
import { TaskError, type TaskErrorCode } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import { isJsonObject, type JsonObject } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import { systemClock } from '../worker/system-clock.ts';
import { createBlockedTasks } from './blocked-tasks.ts';
import type { KeeperHello, KeeperNotice, StartReply } from './keeper-protocol.ts';
import { createKeptConnection, type KeptConnection } from './kept-connection.ts';
import { PeerError } from './peer.ts';
import type { KeeperLine, ReachOptions } from './reach-keeper.ts';

/** Listeners for messages of the keeper. */
export type KeeperListeners = Pick<ReachOptions, 'onNotification' | 'onNotice'>;

/** Options of a client for a server that a keeper drives. */
export interface KeptClientOptions {
  /** Connects to the keeper, or starts one; called again after a keeper was killed. */
  readonly reach: (listeners: KeeperListeners) => Promise<KeeperLine>;
  /** Identity of the server, as in its records. */
  readonly identity: ServerIdentity;
  /** The store that the keeper uses, too. */
  readonly store: TaskStore;
  /** Owner name for leases. @default `store.newOwner()` */
  readonly owner?: string | undefined;
  /** Jobs, as for a task client; the keeper has the same. @default none */
  readonly jobs?: JobsOption | undefined;
  /** Receives the keeper's notices. */
  readonly onNotice?: ((notice: KeeperNotice) => void) | undefined;
  /** Called when the keeper was killed, before another one is started. @default the connection ends instead */
  readonly onKilled?: ((keeper: KeeperHello) => void | Promise<void>) | undefined;
  /** Clock and randomness, for tests. @default the system's */
  readonly clock?: Clock | undefined;
}

/** A task client whose tasks a keeper drives: they continue when this process ends or crashes. */
export interface KeptClient extends TaskClient {
  /** The current keeper. */
  readonly keeper: KeeperHello;
  /** Ends the keeper and its server. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts calls through a server's keeper, and follows its tasks by their records. @throws the error of `reach` */
export async function createKeptClient(options: KeptClientOptions): Promise<KeptClient> {
  const { identity, store, owner, jobs, clock = systemClock } = options;
  const blocked = createBlockedTasks();
  let ending: string | undefined;
  let kept: KeptConnection | undefined;
  const listeners: KeeperListeners = {
    // The keeper may notify before `reach` returns, when there is no connection yet.
    onNotification: (method, params) => kept?.notified(method, params),
    onNotice(notice) {
      if (notice.kind === 'blocked') blocked.report(notice.id, notice.outcome);
      if (notice.kind === 'ending') ending = notice.reason;
      options.onNotice?.(notice);
    },
  };
  let line = await options.reach(listeners);
  let mayReopen = options.onKilled !== undefined;
  const connection = createKeptConnection(line, identity);
  kept = connection;
  const inner = createTaskClient({ connection, store, owner, jobs, clock, lead: false });
  const followed = new Set<string>();
  void watchKeeper(line);

  async function watchKeeper(current: KeeperLine): Promise<void> {
    await current.ended;
    if (connection.ended !== undefined) return;
    if (ending !== undefined || !mayReopen) return end(ending ?? 'its background process was killed');
    mayReopen = false;
    try {
      await options.onKilled?.(current.hello);
      line = await options.reach(listeners);
      connection.use(line);
      void watchKeeper(line);
      for (const id of followed) void line.resume(id).catch(() => undefined);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  }

  function end(reason: string): void {
    connection.end({ kind: 'transport', message: reason });
    blocked.end(reason);
  }

  async function handleOf(id: string): Promise<FollowedTask> {
    followed.add(id);
    return blocked.watch(await inner.get(id).follow());
  }

  const handleFrom = async (request: () => Promise<StartReply>): Promise<FollowedTask> =>
    handleOf((await request().catch(rethrow)).id);

  const start: TaskClient['start'] = async ({
    name,
    arguments: args = {},
    key = null,
    labels = {},
    signal,
    ...rest
  }) => {
    if (signal?.aborted) throw new TaskError('aborted', `${name} was not called`);
    return handleFrom(() => line.start({ name, arguments: args as JsonObject, key, labels, ...rest }, signal));
  };

  return {
    connection,
    get keeper() {
      return line.hello;
    },
    listTools: inner.listTools,
    start,
    run: (request, runOptions = {}) => runCall(start, clock, request, runOptions),
    get: (id) =>
      createLazyHandle(id, {
        clock,
        read: () => findRecord(store, id),
        async open(record) {
          void line.resume(record.id).catch(() => undefined); // the notices report its end
          return handleOf(record.id);
        },
      }),
    list: inner.list,
    events: inner.events,
    listUnrecorded: inner.listUnrecorded,
    async adopt(request) {
      // Recorded here, so that the record keeps the id that `listUnrecorded` returned.
      const { id } = await inner.adopt(request);
      await line.resume(id).catch(rethrow);
      return handleOf(id);
    },
    follow: (request) => handleFrom(() => line.follow(request)),
    reconnect: inner.reconnect,
    async stop() {
      const { ended } = line;
      await line.stop().catch(() => undefined); // it has ended already
      await ended;
    },
    close: inner.close,
    [Symbol.asyncDispose]: inner.close,
  };
}

/** @throws {TaskError} the error of the keeper's client */
function rethrow(error: unknown): never {
  if (!(error instanceof PeerError)) throw error;
  const { data, message } = error.error;
  const { code, hint } = isJsonObject(data) ? data : {};
  if (typeof code !== 'string') {
    const lost = 'The call may have run: check its record before you call again.';
    throw new TaskError('connection-lost', message, { hint: lost, cause: error });
  }
  throw new TaskError(
    code as TaskErrorCode,
    message,
    typeof hint === 'string' ? { hint, cause: error } : { cause: error },
  );
}
