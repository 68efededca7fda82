import { isJsonObject } from '../../task/json.ts';
import { ConnectionFailure } from '../connection.ts';
import { bindContext } from '../wire/async-context.ts';
import { failureOfSend, type HttpFacts } from '../wire/classify.ts';
import { readJson } from '../wire/read-json.ts';
import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import type { WireMessage, WireSendOptions } from '../wire/wire.ts';
import { encodeHeader } from './param-headers.ts';
import type { PollSockets } from './poll-sockets.ts';

/** Requests about one task; the SDK sends all others. */
const POLLS: ReadonlySet<string | undefined> = new Set(['tasks/get', 'tasks/update', 'tasks/cancel']);
const VERSION = 'io.modelcontextprotocol/protocolVersion';
/** Servers refuse much longer headers. */
const MAX_NAME_LENGTH = 4_096;

/** Sent in headers with messages that do not carry their version. */
export interface PollSession {
  readonly revision: string;
  readonly id: string | undefined;
}

/** Statuses of a session that may be gone: the SDK's request decides. */
const SESSION_GONE: ReadonlySet<number> = new Set([400, 404]);

export interface PollWireOptions {
  readonly url: URL;
  /** The host's headers, sent with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Current access token. @default none is sent */
  readonly token: (() => Promise<string | undefined>) | undefined;
  readonly session: PollSession;
  readonly sockets: PollSockets;
  readonly onMessage: (message: WireMessage) => void;
}

/** Sends polls (one POST each) without the SDK. */
export interface PollWire {
  handles(message: WireMessage): boolean;
  /**
   * False if the SDK must send the message.
   * @throws {ConnectionFailure}
   */
  send(message: WireMessage, options?: WireSendOptions): Promise<boolean>;
}

export function createPollWire(options: PollWireOptions): PollWire {
  const { url, session, sockets, onMessage } = options;
  const common = Object.fromEntries(new Headers(options.headers));

  async function headersOf(message: WireMessage): Promise<Record<string, string>> {
    const token = await options.token?.();
    return {
      ...common,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(versionOf(message) === undefined ? sessionHeaders(session) : mirrorHeaders(message)),
    };
  }

  async function send(message: WireMessage, sendOptions: WireSendOptions): Promise<boolean> {
    let answered = false;
    const read = (text: string): boolean => {
      for (const each of messagesIn(text, { id: message.id, method: message.method ?? '' })) {
        answered ||= each.id === message.id && each.method === undefined;
        onMessage(each);
      }
      return answered;
    };
    const inSession = versionOf(message) === undefined;
    const readEvent = (data: string): boolean => {
      try {
        return read(data);
      } catch {
        return answered; // not JSON: ignored; the end of the stream reports a missing answer
      }
    };
    // In a session the server may send requests on the stream.
    const onEvent = inSession ? bindContext(readEvent) : readEvent;
    const reply = await sockets.send({
      ...{ url, verb: 'POST', headers: () => headersOf(message), body: JSON.stringify(message), onEvent },
      signal: sendOptions.requestSignal,
      maySend: sendOptions.maySend,
      mayRepeat: message.method === 'tasks/get',
    });
    if (reply === undefined) return false;
    if (answered) return true;
    const { facts, text } = reply;
    if (inSession && SESSION_GONE.has(facts.status)) return false;
    if (facts.status >= 300) throw new ConnectionFailure(failureOfSend(undefined, facts));
    if (facts.contentType?.startsWith('text/event-stream')) sendOptions.onRequestStreamEnd?.();
    else if (!isJson(facts) || !read(text)) {
      throw new ConnectionFailure(failureOfSend(new SyntaxError('no answer to this request'), facts));
    }
    return true;
  }

  return {
    handles: ({ method }) => POLLS.has(method),
    async send(message, sendOptions = {}) {
      if (!fitsHeaders(message)) return false;
      return send(message, sendOptions).catch((error: unknown) => {
        throw error instanceof ConnectionFailure ? error : new ConnectionFailure(failureOfSend(error), error);
      });
    },
  };
}

function versionOf({ params }: WireMessage): string | undefined {
  const version = isJsonObject(params?._meta) ? params._meta[VERSION] : undefined;
  return typeof version === 'string' ? version : undefined;
}

function sessionHeaders({ revision, id }: PollSession): Readonly<Record<string, string>> {
  return { 'mcp-protocol-version': revision, ...(id === undefined ? {} : { 'mcp-session-id': id }) };
}

function mirrorHeaders(message: WireMessage): Readonly<Record<string, string>> {
  const { method = '', params } = message;
  const version = versionOf(message) ?? '';
  return { 'mcp-protocol-version': version, 'mcp-method': method, 'mcp-name': encodeHeader(String(params?.taskId)) };
}

/** False for a task id that is too long to be mirrored in a header. */
function fitsHeaders(message: WireMessage): boolean {
  const taskId = message.params?.taskId;
  return typeof taskId === 'string' && (versionOf(message) === undefined || taskId.length <= MAX_NAME_LENGTH);
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
