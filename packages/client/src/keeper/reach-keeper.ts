import { connect, type Socket } from 'node:net';
import type { FollowRequest } from '../api/follow-request.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import {
  KEEPER_VERSION,
  type KeeperHello,
  type KeeperNotice,
  methods,
  type StartReply,
  type StartRequest,
} from './keeper-protocol.ts';
import { createPeer, PeerError } from './peer.ts';

/** A keeper that does not answer within this time is suspended or stuck. */
const HELLO_MS = 10_000;

/** A front's connection to a keeper. */
export interface KeeperLine {
  /** The keeper's answer to `hello`. */
  readonly hello: KeeperHello;
  /** Starts or joins a call. @throws {PeerError} with the code and hint of a `TaskError` in its data */
  start(request: StartRequest, signal?: AbortSignal): Promise<StartReply>;
  /** Follows a job that was started elsewhere. @throws {PeerError} as `start` */
  follow(request: FollowRequest): Promise<StartReply>;
  /** Follows a recorded task, unless another process drives it. */
  resume(id: string): Promise<void>;
  /** Passes a request of the host through. @throws {PeerError} the server's error */
  forward(method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonValue>;
  /** The server's tools unchanged, and its jobs. @throws {PeerError} the server's error */
  tools(): Promise<readonly JsonObject[]>;
  /** Asks the keeper to end. */
  stop(): Promise<void>;
  /** Settles when the keeper has ended, or the connection was closed. */
  readonly ended: Promise<void>;
  /** Closes the connection; the keeper keeps running. */
  close(): void;
}

/** Options to connect to a keeper. */
export interface ReachOptions {
  /** Path from `keeperPlace`. */
  readonly path: string;
  /** How long the keeper waits for another front once the last one has left and no task is open, in ms. @default 0 */
  readonly lingerMs?: number | undefined;
  /** Receives notifications of the server. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  /** Called with the local id of a changed record: faster than polling the store. */
  readonly onChanged?: ((id: string) => void) | undefined;
  /** Receives notices of the keeper. */
  readonly onNotice?: ((notice: KeeperNotice) => void) | undefined;
  /** Methods of the server's requests that this front answers. @default none */
  readonly answers?: readonly string[] | undefined;
  /** Answers such a request. @throws {PeerError} the error to send */
  readonly onAsk?: ((method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>) | undefined;
}

/** Connects to the keeper at this path; undefined if there is none. @throws if it is silent or of another version */
export async function reachKeeper(options: ReachOptions): Promise<KeeperLine | undefined> {
  const { path, lingerMs = 0, onNotification, onChanged, onNotice, answers = [], onAsk } = options;
  const socket = await openSocket(path);
  if (socket === undefined) return undefined;
  const peer = createPeer(socket, {
    async onRequest(method, params, signal) {
      if (method === methods.ask && onAsk !== undefined)
        return onAsk(String(params.method), (params.params ?? {}) as JsonObject, signal);
      throw new Error(`This front does not support ${method}`);
    },
    onNotification(method, params) {
      if (method === methods.notified) onNotification?.(String(params.method), (params.params ?? {}) as JsonObject);
      if (method === methods.changed) onChanged?.(String(params.id));
      if (method === methods.notice) onNotice?.(params as unknown as KeeperNotice);
    },
  });
  const answered = await peer
    .request(methods.hello, { lingerMs, answers: [...answers] }, AbortSignal.timeout(HELLO_MS))
    .catch((error) => {
      if (error instanceof PeerError) return undefined; // the keeper is about to end
      peer.close();
      throw new Error('The background process does not answer: inspect it with mcp-tasks keepers', { cause: error });
    });
  if (answered === undefined) return undefined;
  const hello = answered as unknown as KeeperHello;
  if (hello.version !== KEEPER_VERSION) {
    peer.close();
    throw new Error(
      `The background process ${hello.pid} has another version: end it (mcp-tasks keepers --stop), then try again`,
    );
  }
  return {
    hello,
    start: async (request, signal) => asReply(await peer.request(methods.start, asJson(request), signal)),
    follow: async (request) => asReply(await peer.request(methods.follow, asJson(request))),
    async resume(id) {
      await peer.request(methods.resume, { id });
    },
    forward: (method, params, signal) => peer.request(methods.forward, { method, params }, signal),
    async tools() {
      const { tools } = (await peer.request(methods.tools, {})) as unknown as { readonly tools: readonly JsonObject[] };
      return tools;
    },
    async stop() {
      await peer.request(methods.stop, {});
    },
    ended: peer.ended,
    close: peer.close,
  };
}

function asJson(request: object): JsonObject {
  return { ...request } as JsonObject;
}

function asReply(value: JsonValue): StartReply {
  return value as unknown as StartReply;
}

/** Undefined if no process listens there. */
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
