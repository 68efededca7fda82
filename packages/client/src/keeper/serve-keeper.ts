import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { TaskClient } from '../api/client-api.ts';
import type { TaskUpdate } from '../api/handle-api.ts';
import type { Connection } from '../connect/connection.ts';
import { ConnectionFailure } from '../connect/connection.ts';

import { TaskError } from '../errors.ts';
import { errorOf } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { KEEPER_VERSION, type KeeperHello, methods, type StartReply, type StartRequest } from './keeper-protocol.ts';
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
  /** Called once when a front asks the keeper to end. */
  readonly onStop?: (() => void) | undefined;
}

/** A keeper that listens. */
export interface Keeper {
  /** How many are connected. */
  readonly fronts: number;
  /** Ends the lines to all fronts. */
  close(): Promise<void>;
}

/** Listens for fronts. @throws the error of `listen`: `EADDRINUSE` where another keeper listens already. */
export async function serveKeeper(options: KeeperOptions): Promise<Keeper> {
  const peers = new Set<Peer>();
  const server = createServer((socket) => {
    const peer = createPeer(socket, {
      onRequest: (method, params, signal) => answer(method, params, signal, options, peers.size),
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
    async close() {
      stop();
      void changes.return?.();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const peer of peers) peer.close();
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

async function answer(
  method: string,
  params: JsonObject,
  signal: AbortSignal,
  { tasks, connection, onStop }: KeeperOptions,
  fronts: number,
): Promise<JsonValue> {
  switch (method) {
    case methods.hello:
      return hello(connection, fronts) as unknown as JsonValue;
    case methods.start:
      return (await start(params as unknown as StartRequest, tasks)) as unknown as JsonValue;
    case methods.forward:
      return forward(String(params.method), (params.params ?? {}) as JsonObject, signal, connection);
    case methods.stop:
      onStop?.();
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

async function start({ name, arguments: args, key, labels }: StartRequest, tasks: TaskClient): Promise<StartReply> {
  try {
    const joined = key === null ? {} : { key, onExisting: 'join' as const };
    const { id } = await tasks.start({ name, arguments: args, labels, ...joined });
    return { id };
  } catch (error) {
    if (!TaskError.is(error)) throw error;
    const { code, message, hint } = error;
    throw new PeerError({ code: null, message, data: { code, hint: hint ?? null } });
  }
}

async function forward(
  method: string,
  params: JsonObject,
  signal: AbortSignal,
  connection: Connection,
): Promise<JsonValue> {
  try {
    return await connection.request(method, params, { signal });
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    throw new PeerError(errorOf(error.failure));
  }
}
