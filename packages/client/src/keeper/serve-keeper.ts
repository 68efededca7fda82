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
import { type Attended, attendTasks } from './attend-tasks.ts';
import { KEEPER_VERSION, type KeeperHello, type KeeperNotice, methods, type StartRequest } from './keeper-protocol.ts';
import { toolsOfKept } from './kept-tools.ts';
import { createPeer, type Peer, PeerError } from './peer.ts';

/** What a keeper looks after, and when it may end. */
export interface KeeperOptions {
  /** Where it listens, as `keeperPlace` says. */
  readonly path: string;
  /** The client of the server it keeps. */
  readonly tasks: TaskClient;
  /** The server itself, for what is only passed through. */
  readonly connection: Connection;
  /** Called whenever a front comes or goes, with how many there are. */
  readonly onFronts?: ((fronts: number) => void) | undefined;
  /** Called when a front says how long to wait for another one after it, in ms. */
  readonly onLinger?: ((lingerMs: number) => void) | undefined;
  /** Called once when a front asks the keeper to end. */
  readonly onStop?: (() => void) | undefined;
}

/** A keeper that listens. */
export interface Keeper {
  /** How many are connected. */
  readonly fronts: number;
  /** Tells all fronts. */
  tell(notice: KeeperNotice): void;
  /** Follows a task on record, and tells fronts when waiting for it makes no sense. */
  takeUp(id: string): Promise<void>;
  /** Ends the lines to all fronts, after telling them why. */
  close(reason: string): Promise<void>;
}

/** Listens for fronts. @throws the error of `listen`: `EADDRINUSE` where another keeper listens already. */
export async function serveKeeper(options: KeeperOptions): Promise<Keeper> {
  const peers = new Set<Peer>();
  const tell = (notice: KeeperNotice): void => {
    for (const peer of peers) peer.notify(methods.notice, { ...notice } as unknown as JsonObject);
  };
  const attended = attendTasks((id, outcome) => tell({ kind: 'blocked', id, outcome }));
  const server = createServer((socket) => {
    const peer = createPeer(socket, {
      onRequest: (method, params, signal) =>
        answer(method, params, signal, { ...options, attended, fronts: peers.size }),
    });
    peers.add(peer);
    options.onFronts?.(peers.size);
    void peer.ended.then(() => {
      peers.delete(peer);
      options.onFronts?.(peers.size);
    });
  });
  await listen(server, options.path);
  const stop = options.connection.onNotification((method, params) => {
    for (const peer of peers) peer.notify(methods.notified, { method, params });
  });
  const changes = options.tasks.events();
  void tellChanges(changes, peers).catch(() => undefined);
  return {
    get fronts() {
      return peers.size;
    },
    tell,
    takeUp: (id) => takeUp(id, { tasks: options.tasks, attended }),
    async close(reason) {
      stop();
      void changes.return?.();
      tell({ kind: 'ending', reason });
      const closed = new Promise((resolve) => server.close(resolve));
      for (const peer of peers) peer.end();
      await closed;
    },
  };
}

/** Fronts hear of a change without looking at the store for it. */
async function tellChanges(changes: AsyncIterable<TaskUpdate>, peers: ReadonlySet<Peer>): Promise<void> {
  for await (const { record } of changes) for (const peer of peers) peer.notify(methods.changed, { id: record.id });
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (process.platform !== 'win32') await chmod(path, 0o600);
}

/** Removes a socket on which nobody listens any more, left by a keeper that was killed. */
export async function removeStaleSocket(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  // Not `rm`, whose `lstat` of a socket makes Node.js 20.20 load no module below a symbolic link any more.
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

interface Answering extends KeeperOptions {
  readonly attended: Attended;
  readonly fronts: number;
}

async function answer(method: string, params: JsonObject, signal: AbortSignal, keeping: Answering): Promise<JsonValue> {
  const { tasks, connection } = keeping;
  switch (method) {
    case methods.hello:
      keeping.onLinger?.(Number(params.lingerMs ?? 0));
      return hello(connection, keeping.fronts) as unknown as JsonValue;
    case methods.start:
      return begin(keeping, () => start(params as unknown as StartRequest, tasks, signal));
    case methods.follow:
      return begin(keeping, () => tasks.follow(params as unknown as FollowRequest));
    case methods.takeUp:
      await takeUp(String(params.id), keeping);
      return {};
    case methods.forward:
      return refusing(() => connection.request(String(params.method), (params.params ?? {}) as JsonObject, { signal }));
    case methods.tools:
      return { tools: await refusing(() => toolsOfKept(tasks, connection)) };
    case methods.stop:
      keeping.onStop?.();
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

/** The id of the record, once there is one. @throws {PeerError} with the code and hint of the `TaskError` in its data */
async function begin({ attended }: Answering, work: () => Promise<FollowedTask>): Promise<JsonValue> {
  try {
    const task = await work();
    attended.add(task);
    return { id: task.id };
  } catch (error) {
    if (!TaskError.is(error)) throw error;
    const { code, message, hint } = error;
    throw new PeerError({ code: null, message, data: { code, hint: hint ?? null } });
  }
}

/** A record that was deleted, or that this server cannot drive, is left as it is. */
async function takeUp(id: string, { tasks, attended }: Pick<Answering, 'tasks' | 'attended'>): Promise<void> {
  if (attended.has(id)) return;
  const task = await tasks
    .get(id)
    .follow()
    .catch(() => undefined);
  if (task !== undefined) attended.add(task);
}

/** @throws {PeerError} what the server said, or why it was not asked */
async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    throw new PeerError(errorOf(error.failure));
  }
}
