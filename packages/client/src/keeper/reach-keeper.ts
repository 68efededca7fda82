import { connect, type Socket } from 'node:net';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { KEEPER_VERSION, type KeeperHello, methods, type StartReply, type StartRequest } from './keeper-protocol.ts';
import { createPeer } from './peer.ts';

/** A keeper as a front sees it. */
export interface KeeperLine {
  /** What it said of itself. */
  readonly hello: KeeperHello;
  /** Begins or joins a call. @throws {PeerError} with the code and hint of a `TaskError` in its data */
  start(request: StartRequest): Promise<StartReply>;
  /** A request of the host that is only passed through. @throws {PeerError} what the server said */
  forward(method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonValue>;
  /** Asks the keeper to end. */
  stop(): Promise<void>;
  /** Settles when the keeper has ended, or the line was closed. */
  readonly ended: Promise<void>;
  /** Leaves; the keeper goes on. */
  close(): void;
}

/** How to reach a keeper. */
export interface ReachOptions {
  /** As `keeperPlace` says. */
  readonly path: string;
  /** Notifications of the server. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  /** A record has changed, by its local id: heard at once, where the store is looked at a few times a second. */
  readonly onChanged?: ((id: string) => void) | undefined;
}

/** The keeper that listens there; undefined when none does. */
export async function reachKeeper({ path, onNotification, onChanged }: ReachOptions): Promise<KeeperLine | undefined> {
  const socket = await openSocket(path);
  if (socket === undefined) return undefined;
  const peer = createPeer(socket, {
    onRequest: async (method) => {
      throw new Error(`A front answers nothing: ${method}`);
    },
    onNotification(method, params) {
      if (method === methods.notified) onNotification?.(String(params.method), (params.params ?? {}) as JsonObject);
      if (method === methods.changed) onChanged?.(String(params.id));
    },
  });
  const hello = (await peer.request(methods.hello, {})) as unknown as KeeperHello;
  if (hello.version !== KEEPER_VERSION) {
    peer.close();
    throw new Error(`The background process ${hello.pid} is of another version: end it, then try again`);
  }
  return {
    hello,
    start: async (request) => (await peer.request(methods.start, { ...request })) as unknown as StartReply,
    forward: (method, params, signal) => peer.request(methods.forward, { method, params }, signal),
    async stop() {
      await peer.request(methods.stop, {});
    },
    ended: peer.ended,
    close: peer.close,
  };
}

/** Refused or missing: nobody listens there. */
function openSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
  });
}
