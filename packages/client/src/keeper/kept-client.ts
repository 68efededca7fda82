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
import { createKeptConnection } from './kept-connection.ts';
import { PeerError } from './peer.ts';
import type { KeeperLine, ReachOptions } from './reach-keeper.ts';

/** What a kept client listens to on its line to the keeper. */
export type KeeperListeners = Pick<ReachOptions, 'onNotification' | 'onNotice'>;

/** How to work with the tasks of a server that a keeper has. */
export interface KeptClientOptions {
  /** Reaches the keeper, or starts one: at first, and once more when it was killed. */
  readonly reach: (listeners: KeeperListeners) => Promise<KeeperLine>;
  /** The server, as its records name it. */
  readonly identity: ServerIdentity;
  /** The one that the keeper writes to as well. */
  readonly store: TaskStore;
  /** Who we are for leases. @default what the store names us */
  readonly owner?: string | undefined;
  /** As for a task client: the keeper has the same. @default none */
  readonly jobs?: JobsOption | undefined;
  /** Told what the keeper tells of the server. */
  readonly onNotice?: ((notice: KeeperNotice) => void) | undefined;
  /** Told when the keeper was killed, before another one is started. @default none is started: the connection has ended */
  readonly onKilled?: ((keeper: KeeperHello) => void | Promise<void>) | undefined;
  /** Time and chance, for tests. @default the system's */
  readonly clock?: Clock | undefined;
}

/** A task client whose tasks a keeper drives: they go on when this process ends, however it ends. */
export interface KeptClient extends TaskClient {
  /** Who keeps the server now. */
  readonly keeper: KeeperHello;
  /** Ends the keeper and its server. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** Calls through the keeper of a server, and follows its tasks through their records. @throws what `reach` throws */
export async function createKeptClient(options: KeptClientOptions): Promise<KeptClient> {
  const { identity, store, owner, jobs, clock = systemClock } = options;
  const blocked = createBlockedTasks();
  let ending: string | undefined;
  const listeners: KeeperListeners = {
    onNotification: (method, params) => connection.notified(method, params),
    onNotice(notice) {
      if (notice.kind === 'blocked') blocked.tell(notice.id, notice.outcome);
      if (notice.kind === 'ending') ending = notice.reason;
      options.onNotice?.(notice);
    },
  };
  let line = await options.reach(listeners);
  let mayReopen = options.onKilled !== undefined;
  const connection = createKeptConnection(line, identity);
  const inner = createTaskClient({ connection, store, owner, jobs, clock, lead: false });
  const followed = new Set<string>();
  void attend(line);

  async function attend(current: KeeperLine): Promise<void> {
    await current.ended;
    if (connection.ended !== undefined) return;
    if (ending !== undefined || !mayReopen) return end(ending ?? 'its background process was killed');
    mayReopen = false;
    try {
      await options.onKilled?.(current.hello);
      line = await options.reach(listeners);
      connection.use(line);
      void attend(line);
      for (const id of followed) void line.takeUp(id).catch(() => undefined);
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

  const take = async (request: () => Promise<StartReply>): Promise<FollowedTask> =>
    handleOf((await request().catch(refuse)).id);

  const start: TaskClient['start'] = async ({
    name,
    arguments: args = {},
    key = null,
    labels = {},
    signal,
    ...rest
  }) => {
    if (signal?.aborted) throw new TaskError('aborted', `${name} was not called`);
    return take(() => line.start({ name, arguments: args as JsonObject, key, labels, ...rest }, signal));
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
          void line.takeUp(record.id).catch(() => undefined); // its end is told by the line
          return handleOf(record.id);
        },
      }),
    list: inner.list,
    events: inner.events,
    listUnrecorded: inner.listUnrecorded,
    async adopt(request) {
      // Recorded here, so that the record keeps the id under which `listUnrecorded` named the task.
      const { id } = await inner.adopt(request);
      await line.takeUp(id).catch(refuse);
      return handleOf(id);
    },
    follow: (request) => take(() => line.follow(request)),
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

/** @throws {TaskError} as the keeper's client threw it */
function refuse(error: unknown): never {
  if (!(error instanceof PeerError)) throw error;
  const { data, message } = error.error;
  const { code, hint } = isJsonObject(data) ? data : {};
  if (typeof code !== 'string') {
    const lost = 'The call may have run: look at its record before you call again.';
    throw new TaskError('connection-lost', message, { hint: lost, cause: error });
  }
  throw new TaskError(
    code as TaskErrorCode,
    message,
    typeof hint === 'string' ? { hint, cause: error } : { cause: error },
  );
}
