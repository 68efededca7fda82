import { isJsonObject } from '../../task/json.ts';
import { ConnectionFailure } from '../connection.ts';
import { failureOfSend, type HttpFacts, parseRetryAfter } from '../wire/classify.ts';
import { codeOf } from '../wire/network-words.ts';
import { readJson } from '../wire/read-json.ts';
import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import type { WireMessage, WireSendOptions } from '../wire/wire.ts';
import type { HttpPool } from './http-pool.ts';
import { encodeHeader } from './param-headers.ts';
import { type Post, post, type Reply } from './post.ts';

/** Requests about one task; the SDK sends all others. */
const POLLS: ReadonlySet<string | undefined> = new Set(['tasks/get', 'tasks/update', 'tasks/cancel']);
const VERSION = 'io.modelcontextprotocol/protocolVersion';
/** A command that polls once or twice does not load the pool: loading it takes longer than it saves. */
const FIRST_POLLS = 2;
/** Servers refuse much longer headers. */
const MAX_NAME_LENGTH = 4_096;
/** Error codes of a socket that the server closed while idle. */
const STALE_SOCKET: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface PollWireOptions {
  readonly url: URL;
  /** The host's headers, sent with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Current access token. @default none is sent */
  readonly token: (() => Promise<string | undefined>) | undefined;
  /** True while a person signs in. */
  readonly isWaiting: () => boolean;
  readonly openPool: () => Promise<HttpPool | undefined>;
  readonly onMessage: (message: WireMessage) => void;
}

/** Sends polls of 2026-07-28 (one POST each) without the SDK: for a fifth of the CPU time of `fetch`. */
export interface PollWire {
  takes(message: WireMessage): boolean;
  /**
   * False if the SDK must send the message: nothing was sent, or the server wants a sign-in or redirects.
   * @throws {ConnectionFailure}
   */
  send(message: WireMessage, options?: WireSendOptions): Promise<boolean>;
}

export function createPollWire(options: PollWireOptions): PollWire {
  const { url, isWaiting, onMessage } = options;
  const origin = url.origin;
  const path = `${url.pathname}${url.search}`;
  const common = Object.fromEntries(new Headers(options.headers));
  let pool: HttpPool | 'not asked' | 'opening' | 'none' = 'not asked';
  let polls = 0;

  async function open(): Promise<void> {
    pool = 'opening';
    pool = (await options.openPool().catch(() => undefined)) ?? 'none';
  }

  async function headersOf(message: WireMessage): Promise<Record<string, string>> {
    const token = await options.token?.();
    return {
      ...common,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': versionOf(message) ?? '',
      'mcp-method': message.method ?? '',
      'mcp-name': encodeHeader(String(message.params?.taskId)),
    };
  }

  /** Repeats a poll once if its idle socket was closed: the server did not read it. */
  async function exchange(to: HttpPool, request: Post, method: string | undefined): Promise<Reply> {
    const { dispatcher, opened, told = (error: unknown) => error } = to;
    const before = opened(origin);
    try {
      return await post(dispatcher, request);
    } catch (error) {
      const isStale = opened(origin) === before && STALE_SOCKET.has(codeOf(error));
      if (request.signal?.aborted || error instanceof ConnectionFailure) throw error;
      if (method !== 'tasks/get' || !isStale) throw told(error);
      return post(dispatcher, request);
    }
  }

  async function send(message: WireMessage, to: HttpPool, sendOptions: WireSendOptions): Promise<boolean> {
    let answered = false;
    const read = (text: string): boolean => {
      for (const each of messagesIn(text, { id: message.id, method: message.method ?? '' })) {
        answered ||= each.id === message.id && each.method === undefined;
        onMessage(each);
      }
      return answered;
    };
    const onEvent = (data: string): boolean => {
      try {
        return read(data);
      } catch {
        return answered; // not JSON: ignored; the end of the stream reports a missing answer
      }
    };
    const { requestSignal: signal, maySend } = sendOptions;
    const headers = await headersOf(message).catch(() => undefined);
    if (headers === undefined) return false; // no token: let the SDK report the reason
    const request: Post = { origin, path, headers, body: JSON.stringify(message), signal, maySend, onEvent };
    const reply = await exchange(to, request, message.method);
    if (answered) return true;
    const facts = factsOf(reply);
    if (isForSdk(facts, reply)) {
      // A redirect or a compressed body: the SDK sends all further polls, since each would be sent twice.
      if (reply.status < 400) pool = 'none';
      return false;
    }
    if (facts.status >= 300) throw new ConnectionFailure(failureOfSend(undefined, facts));
    if (facts.contentType?.startsWith('text/event-stream')) sendOptions.onRequestStreamEnd?.();
    else if (!isJson(facts) || !read(reply.text)) {
      throw new ConnectionFailure(failureOfSend(new SyntaxError('no answer to this request'), facts));
    }
    return true;
  }

  return {
    takes: ({ method }) => POLLS.has(method),
    async send(message, sendOptions = {}) {
      polls += 1;
      if (pool === 'not asked' && polls > FIRST_POLLS) void open();
      if (typeof pool === 'string' || isWaiting() || !isPlain(message)) return false;
      return send(message, pool, sendOptions).catch((error: unknown) => {
        throw error instanceof ConnectionFailure ? error : new ConnectionFailure(failureOfSend(error), error);
      });
    },
  };
}

function versionOf({ params }: WireMessage): string | undefined {
  const version = isJsonObject(params?._meta) ? params._meta[VERSION] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/** True for a message with its protocol version and a task id that fits a header. */
function isPlain(message: WireMessage): boolean {
  const taskId = message.params?.taskId;
  return versionOf(message) !== undefined && typeof taskId === 'string' && taskId.length <= MAX_NAME_LENGTH;
}

/** True for a sign-in, a redirect, or a compressed body. */
function isForSdk({ status, wantsSignIn }: HttpFacts, { headers }: Reply): boolean {
  if (status >= 400) return status === 401 || (status === 403 && wantsSignIn === true);
  return status >= 300 || (headers['content-encoding'] ?? 'identity') !== 'identity';
}

function factsOf({ status, headers, text }: Reply): HttpFacts {
  const retryAfterMs = parseRetryAfter(headers['retry-after']?.toString() ?? null, Date.now());
  const contentType = headers['content-type']?.toString();
  const wantsSignIn = headers['www-authenticate'] !== undefined;
  return { status, retryAfterMs, contentType, wantsSignIn, ...(status < 300 ? {} : { text }) };
}

function isJson({ contentType = '' }: HttpFacts): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

/** Parses one message or a batch. @throws {SyntaxError} */
function messagesIn(text: string, asked: Asked): readonly WireMessage[] {
  const parsed = readJson(text);
  const all = Array.isArray(parsed) ? parsed : [parsed];
  return all.filter(isJsonObject).map((each) => tidyMessage(each, asked) as WireMessage);
}
