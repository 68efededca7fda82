import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { TaskClient } from '../api/client-api.ts';
import type { FollowRequest } from '../api/follow-request.ts';
import type { FollowedTask, TaskUpdate } from '../api/handle-api.ts';
import type { Connection } from '../connect/connection.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import { errorOf } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { KEEPER_VERSION, type KeeperHello, type KeeperNotice, methods, type StartRequest } from './keeper-protocol.ts';
import { toolsOfKept } from './kept-tools.ts';
import { createPeer, type Peer, PeerError } from './peer.ts';
import { type WatchedTasks, watchTasks } from './watch-tasks.ts';

/** Options of a keeper. */
export interface KeeperOptions {
  /** Path from `keeperPlace`. */
  readonly path: string;
  /** Task client of its server. */
  readonly tasks: TaskClient;
  /** Connection to its server, for requests that pass through. */
  readonly connection: Connection;
  /** Called with the number of fronts when one connects or leaves. */
  readonly onFronts?: ((fronts: number) => void) | undefined;
  /** Called with the time that a front asks the keeper to wait for the next front, in ms. */
  readonly onLinger?: ((lingerMs: number) => void) | undefined;
  /**
   * Called before each call, and before the tools are listed, to update the jobs of the server. A `TaskError` refuses
   * the call. @default nothing
   */
  readonly beforeCall?: (() => Promise<void>) | undefined;
  /** Called when a front asks the keeper to end. */
  readonly onStop?: (() => void) | undefined;
}

/** A running keeper. */
export interface Keeper {
  /** Number of connected fronts. */
  readonly fronts: number;
  /** Asks the newest front that answers this method. @throws {PeerError} its error, or -32601 if no front answers it */
  ask(method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
  /** Sends a notice to all fronts. */
  notify(notice: KeeperNotice): void;
  /** Sends the server's notification of changed tools to all fronts: its jobs changed here. */
  notifyToolsChanged(): void;
  /** Follows a recorded task, and reports to fronts when it is blocked. */
  resume(id: string): Promise<void>;
  /** Sends the reason to all fronts, and closes their connections. */
  close(reason: string): Promise<void>;
}

/** Listens for fronts. @throws the error of `listen`: `EADDRINUSE` if another keeper listens already */
export async function serveKeeper(options: KeeperOptions): Promise<Keeper> {
  /** The fronts, each with the methods that it answers. */
  const peers = new Map<Peer, readonly string[]>();
  const notify = (notice: KeeperNotice): void => {
    for (const peer of peers.keys()) peer.notify(methods.notice, { ...notice } as unknown as JsonObject);
  };
  const watched = watchTasks((id, outcome) => notify({ kind: 'blocked', id, outcome }));
  const server = createServer((socket) => {
    const peer = createPeer(socket, {
      onRequest(method, params, signal) {
        if (method === methods.hello) {
          peers.set(peer, Array.isArray(params.answers) ? params.answers.map(String) : []);
          options.onFronts?.(peers.size);
        }
        return answer(method, params, signal, { ...options, watched, fronts: peers.size });
      },
    });
    peers.set(peer, []);
    options.onFronts?.(peers.size);
    void peer.ended.then(() => {
      peers.delete(peer);
      options.onFronts?.(peers.size);
    });
  });
  await listen(server, options.path);
  const forwardNotification = (method: string, params: JsonObject): void => {
    for (const peer of peers.keys()) peer.notify(methods.notified, { method, params });
  };
  const stop = options.connection.onNotification(forwardNotification);
  const changes = options.tasks.events();
  void notifyChanges(changes, () => peers.keys()).catch(() => undefined);
  return {
    get fronts() {
      return peers.size;
    },
    async ask(method, params, signal) {
      const [front] = [...peers].filter(([, answers]) => answers.includes(method)).at(-1) ?? [];
      if (front === undefined) throw new PeerError({ code: -32601, message: `No connected host supports ${method}` });
      return (await front.request(methods.ask, { method, params }, signal)) as JsonObject;
    },
    notify,
    notifyToolsChanged: () => forwardNotification('notifications/tools/list_changed', {}),
    resume: (id) => resume(id, { tasks: options.tasks, watched }),
    async close(reason) {
      stop();
      void changes.return?.();
      notify({ kind: 'ending', reason });
      const closed = new Promise((resolve) => server.close(resolve));
      for (const peer of peers.keys()) peer.end();
      await closed;
    },
  };
}

/** Reports each change to the fronts, which then need not poll the store. */
async function notifyChanges(changes: AsyncIterable<TaskUpdate>, peers: () => Iterable<Peer>): Promise<void> {
  for await (const { record } of changes) for (const peer of peers()) peer.notify(methods.changed, { id: record.id });
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (process.platform !== 'win32') await chmod(path, 0o600);
}

/** Removes the socket of a killed keeper. */
export async function removeStaleSocket(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  // `unlink` instead of `rm`: the `lstat` of `rm` on a socket breaks module loading below symlinks in Node.js 20.20.
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

interface AnswerContext extends KeeperOptions {
  readonly watched: WatchedTasks;
  readonly fronts: number;
}

async function answer(
  method: string,
  params: JsonObject,
  signal: AbortSignal,
  context: AnswerContext,
): Promise<JsonValue> {
  const { tasks, connection } = context;
  switch (method) {
    case methods.hello:
      context.onLinger?.(Number(params.lingerMs ?? 0));
      return hello(connection, context.fronts) as unknown as JsonValue;
    case methods.start:
      return watchTask(context, () => start(params as unknown as StartRequest, tasks, signal));
    case methods.follow:
      return watchTask(context, () => tasks.follow(params as unknown as FollowRequest));
    case methods.resume:
      await resume(String(params.id), context);
      return {};
    case methods.forward:
      return withPeerErrors(() =>
        connection.request(String(params.method), (params.params ?? {}) as JsonObject, { signal }),
      );
    case methods.tools:
      await context.beforeCall?.();
      return { tools: await withPeerErrors(() => toolsOfKept(tasks, connection)) };
    case methods.stop:
      context.onStop?.();
      return {};
    default:
      throw new PeerError({ code: -32601, message: `No such request: ${method}` });
  }
}

function hello({ negotiated, identity }: Connection, fronts: number): KeeperHello {
  const { server, capabilities, instructions, revision } = negotiated;
  return {
    version: KEEPER_VERSION,
    pid: process.pid,
    label: identity.label,
    fingerprint: identity.fingerprint,
    fronts,
    server,
    capabilities,
    instructions: instructions ?? null,
    revision,
  };
}

function start(
  { key, onExisting = 'join', ...request }: StartRequest,
  tasks: TaskClient,
  signal: AbortSignal,
): Promise<FollowedTask> {
  const joined = key === null ? {} : { key, onExisting };
  return tasks.start({ ...request, signal, ...joined });
}

/** Returns the record's id once it exists. @throws {PeerError} with the code and hint of the `TaskError` as data */
async function watchTask(
  { watched, beforeCall }: AnswerContext,
  work: () => Promise<FollowedTask>,
): Promise<JsonValue> {
  try {
    await beforeCall?.();
    const task = await work();
    watched.add(task);
    return { id: task.id };
  } catch (error) {
    if (!TaskError.is(error)) throw error;
    const { code, message, hint } = error;
    throw new PeerError({ code: null, message, data: { code, hint: hint ?? null } });
  }
}

/** A record that was deleted, or that this server cannot drive, is ignored. */
async function resume(id: string, { tasks, watched }: Pick<AnswerContext, 'tasks' | 'watched'>): Promise<void> {
  if (watched.has(id)) return;
  const task = await tasks
    .get(id)
    .follow()
    .catch(() => undefined);
  if (task !== undefined) watched.add(task);
}

/** @throws {PeerError} the server's error, or why it was not reached */
async function withPeerErrors<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    throw new PeerError(errorOf(error.failure));
  }
}
