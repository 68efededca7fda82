import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { LOST_DIGITS, lostDigits } from '../../task/lost-digits.ts';
import { ConnectionFailure } from '../connection.ts';
import type { PollSockets } from '../http/poll-sockets.ts';
import { aborted, failureOfSend } from '../wire/classify.ts';
import type { Run } from '../wire/deliver.ts';
import type { Outgoing } from './bindings.ts';
import type { Version } from './read-card.ts';

export interface ExchangeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly version: Version;
  /** See `RequestOptions.maySend`. */
  readonly maySend?: (() => boolean) | undefined;
  /** True for a read-only request: it may use keep-alive sockets, and is repeated if one was closed. @default false */
  readonly isPoll?: boolean | undefined;
}

/**
 * Sends one request and reads its JSON response; `read` decodes it, or returns undefined for an unreadable one.
 * @throws {ConnectionFailure}
 */
export type Exchange = <T>(outgoing: Outgoing, options: ExchangeOptions, read: Read<T>) => Promise<T>;

type Read<T> = (status: number, body: JsonValue) => T | undefined;

const JSON_TYPE = 'application/json';
/** Statuses whose body is ignored, since they decide by themselves (sign-in, rate limit, timeout). */
const STATUS_ONLY: ReadonlySet<number> = new Set([401, 403, 408, 429]);

export interface ExchangeSource {
  readonly fetch: typeof fetch;
  readonly sockets: PollSockets;
  /** Runs one exchange; a failure is derived from the observed response. */
  readonly run: Run;
  /** Headers for a request to this URL: credentials go only to the host of the card. */
  readonly headersFor: (url: URL) => Promise<Readonly<Record<string, string>>>;
}

/** Headers of every request. */
function headersOf({ verb }: Outgoing, version: Version, accept: string): Record<string, string> {
  const content = verb === 'POST' ? { 'content-type': JSON_TYPE } : {};
  return { ...content, accept, 'a2a-version': version };
}

export interface AgentTransport {
  readonly exchange: Exchange;
  /** Opens a stream of events; the caller reads its body. @throws {ConnectionFailure} */
  open(outgoing: Outgoing, options: ExchangeOptions): Promise<Response>;
}

export function createAgentTransport({ fetch: ask, sockets, run, headersFor }: ExchangeSource): AgentTransport {
  async function allHeaders(outgoing: Outgoing, version: Version, accept: string): Promise<Record<string, string>> {
    return { ...headersOf(outgoing, version, accept), ...(await headersFor(outgoing.url)) };
  }

  async function send(outgoing: Outgoing, options: ExchangeOptions, accept: string): Promise<Response> {
    const { version, signal, maySend } = options;
    const { verb: method, url, body } = outgoing;
    const headers = await allHeaders(outgoing, version, accept);
    if (maySend?.() === false) throw new ConnectionFailure(aborted);
    const init: RequestInit = { method, headers, redirect: 'manual', body: body ?? null, signal: signal ?? null };
    return ask(url, init);
  }

  /** Undefined if `fetch` must send the request. */
  async function poll<T>(outgoing: Outgoing, options: ExchangeOptions, read: Read<T>): Promise<T | undefined> {
    const { signal, version, maySend } = options;
    const headers = async () => Object.fromEntries(new Headers(await allHeaders(outgoing, version, JSON_TYPE)));
    const reply = await sockets.send({ ...outgoing, headers, signal, maySend, mayRepeat: true });
    if (reply === undefined) return undefined;
    try {
      return answerIn(reply.facts.status, reply.text, read);
    } catch (error) {
      throw new ConnectionFailure(failureOfSend(error, reply.facts), error);
    }
  }

  return {
    async exchange<T>(outgoing: Outgoing, options: ExchangeOptions, read: Read<T>) {
      const polled = options.isPoll === true ? await poll(outgoing, options, read) : undefined;
      if (polled !== undefined) return polled;
      let answer: T | undefined;
      await run(async () => {
        const response = await send(outgoing, options, JSON_TYPE);
        answer = answerIn(response.status, await response.text(), read);
      });
      return answer as T;
    },
    async open(outgoing, options) {
      let opened: Response | undefined;
      await run(async () => {
        const response = await send(outgoing, options, 'text/event-stream');
        if (response.status >= 300) throw refusal();
        opened = response;
      });
      return opened as Response;
    },
  };
}

/** The decoded answer. @throws {SyntaxError} for an unreadable success; `refusal` if the status decides */
function answerIn<T>(status: number, text: string, read: Read<T>): T {
  const isAnswer = status < 300 || !STATUS_ONLY.has(status);
  const answer = isAnswer ? read(status, parse(text, status)) : undefined;
  if (answer === undefined) throw status < 300 ? new SyntaxError('no answer') : refusal();
  return answer;
}

/** A placeholder, which `run` or a poll replaces with the failure of the observed status. */
function refusal(): Error {
  return new Error('refused');
}

/**
 * The body as JSON; null for a refusal without a readable body. @throws {SyntaxError} for a success that is not JSON
 */
function parse(text: string, status: number): JsonValue {
  try {
    const body = JSON.parse(text) as JsonValue;
    const lost = lostDigits(text);
    // Lost digits travel beside the body, so that the reader of its result can report them.
    return lost === undefined || !isJsonObject(body) ? body : { ...body, [LOST_DIGITS]: lost };
  } catch (error) {
    if (status < 300) throw error;
    return null;
  }
}
