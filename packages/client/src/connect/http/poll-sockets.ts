import { ConnectionFailure } from '../connection.ts';
import { failureOfSend, type HttpFacts, parseRetryAfter } from '../wire/classify.ts';
import { codeOf } from '../wire/network-errors.ts';
import type { HttpPool } from './http-pool.ts';
import type { HttpStack } from './http-stack.ts';
import { type PoolRequest, type Reply, requestOver } from './pool-request.ts';

/** The first polls do not load the pool: for one or two polls, loading it takes longer than it saves. */
const FIRST_POLLS = 2;
/** Error codes of a socket that the server closed while idle. */
const STALE_SOCKET: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** One request about a task. */
export interface Poll {
  readonly url: URL;
  readonly verb: PoolRequest['method'];
  /** Rejects if there is no token. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** See `RequestOptions.maySend`. */
  readonly maySend?: (() => boolean) | undefined;
  /** True for a read-only request: it is repeated once if its idle socket was closed. */
  readonly mayRepeat: boolean;
  /** Receives the data of each event of a stream; true ends the stream. @default events are ignored */
  readonly onEvent?: PoolRequest['onEvent'] | undefined;
}

export interface PollReply {
  readonly facts: HttpFacts;
  /** Body; empty for an event stream. */
  readonly text: string;
}

/** Sends polls over keep-alive sockets, for a fifth of the CPU time of `fetch`. */
export interface PollSockets {
  /**
   * Undefined if `fetch` must send the poll: nothing was sent, or the server wants a sign-in or redirects.
   * @throws {ConnectionFailure}
   */
  send(poll: Poll): Promise<PollReply | undefined>;
}

export interface PollSocketsOptions {
  readonly stack: HttpStack;
  /** True while a person signs in. */
  readonly isWaiting: () => boolean;
}

export function createPollSockets({ stack, isWaiting }: PollSocketsOptions): PollSockets {
  /** By origin; no entry: not opened yet. */
  const pools = new Map<string, HttpPool | 'opening' | 'none'>();
  let polls = 0;

  async function open(url: URL): Promise<void> {
    pools.set(url.origin, 'opening');
    pools.set(url.origin, (await stack.openPool(url).catch(() => undefined)) ?? 'none');
  }

  function poolFor(url: URL): HttpPool | undefined {
    polls += 1;
    const pool = pools.get(url.origin);
    if (pool === undefined && polls > FIRST_POLLS) void open(url);
    return typeof pool === 'object' && !isWaiting() ? pool : undefined;
  }

  async function exchange(poll: Poll, pool: HttpPool): Promise<PollReply | undefined> {
    const headers = await poll.headers().catch(() => undefined);
    if (headers === undefined) return undefined; // no token: let `fetch` report the reason
    const reply = await sendOver(pool, poll, headers);
    const facts = factsOf(reply);
    if (!isForFetch(facts, reply)) return { facts, text: reply.text };
    // A redirect or a compressed body: `fetch` sends all further polls, since each would be sent twice.
    if (reply.status < 400) pools.set(poll.url.origin, 'none');
    return undefined;
  }

  return {
    async send(poll) {
      const pool = poolFor(poll.url);
      if (pool === undefined) return undefined;
      return exchange(poll, pool).catch((error: unknown) => {
        throw error instanceof ConnectionFailure ? error : new ConnectionFailure(failureOfSend(error), error);
      });
    },
  };
}

/** Repeats a poll once if its idle socket was closed: the server did not read it. */
async function sendOver(pool: HttpPool, poll: Poll, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const { url, verb: method, body = null, signal, maySend, mayRepeat, onEvent = () => false } = poll;
  const { dispatcher, opened, withProxy = (error: unknown) => error } = pool;
  const { origin } = url;
  const request: PoolRequest = {
    ...{ origin, path: `${url.pathname}${url.search}`, method, body, signal, maySend, onEvent },
    headers: { 'user-agent': 'node', ...headers },
  };
  const attempt = (): Promise<Reply> =>
    requestOver(dispatcher, request).catch((error: unknown) => {
      throw error instanceof ConnectionFailure ? error : withProxy(error);
    });
  const before = opened(origin);
  try {
    return await attempt();
  } catch (error) {
    const isStale = opened(origin) === before && STALE_SOCKET.has(codeOf(error));
    if (signal?.aborted || error instanceof ConnectionFailure || !mayRepeat || !isStale) throw error;
    return attempt();
  }
}

/** True for a sign-in, a redirect, or a compressed body. */
function isForFetch({ status, wantsSignIn }: HttpFacts, { headers }: Reply): boolean {
  if (status >= 400) return status === 401 || (status === 403 && wantsSignIn === true);
  return status >= 300 || (headers['content-encoding'] ?? 'identity') !== 'identity';
}

function factsOf({ status, headers, text }: Reply): HttpFacts {
  const retryAfterMs = parseRetryAfter(headers['retry-after']?.toString() ?? null, Date.now());
  const contentType = headers['content-type']?.toString();
  const wantsSignIn = headers['www-authenticate'] !== undefined;
  return { status, retryAfterMs, contentType, wantsSignIn, ...(status < 300 ? {} : { text }) };
}
