import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { LOST_DIGITS, lostDigits } from '../../task/lost-digits.ts';
import type { Run } from '../wire/deliver.ts';
import type { Outgoing } from './bindings.ts';
import type { Version } from './read-card.ts';

export interface ExchangeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly version: Version;
}

/**
 * Sends one request and reads its JSON response; `read` decodes it, or returns undefined for an unreadable one.
 * @throws {ConnectionFailure}
 */
export type Exchange = <T>(
  outgoing: Outgoing,
  options: ExchangeOptions,
  read: (status: number, body: JsonValue) => T | undefined,
) => Promise<T>;

/** Statuses that decide by themselves (sign-in, rate limit, timeout); the body is ignored. */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 429]);

export interface ExchangeSource {
  readonly fetch: typeof fetch;
  /** Runs one exchange; a failure includes what the exchange's response said. */
  readonly run: Run;
  /** Headers for a request to this URL: credentials go only to the host of the card. */
  readonly headersFor: (url: URL) => Promise<Readonly<Record<string, string>>>;
}

/** Headers of every request. */
function headersOf({ verb }: Outgoing, version: Version, accept: string): Record<string, string> {
  const content = verb === 'POST' ? { 'content-type': 'application/json' } : {};
  return { ...content, accept, 'a2a-version': version };
}

export interface Line {
  readonly exchange: Exchange;
  /** Opens a stream of events; the caller reads its body. @throws {ConnectionFailure} */
  open(outgoing: Outgoing, options: ExchangeOptions): Promise<Response>;
}

export function createLine({ fetch: ask, run, headersFor }: ExchangeSource): Line {
  async function send(outgoing: Outgoing, { version, signal }: ExchangeOptions, accept: string): Promise<Response> {
    const { verb: method, url, body } = outgoing;
    const headers = { ...headersOf(outgoing, version, accept), ...(await headersFor(url)) };
    const init: RequestInit = { method, headers, redirect: 'manual', body: body ?? null, signal: signal ?? null };
    return ask(url, init);
  }

  return {
    async exchange<T>(
      outgoing: Outgoing,
      options: ExchangeOptions,
      read: (status: number, body: JsonValue) => T | undefined,
    ) {
      let answer: T | undefined;
      await run(async () => {
        const response = await send(outgoing, options, 'application/json');
        const { status } = response;
        const text = await response.text();
        const isAnswer = status < 300 || !PASSING.has(status);
        answer = isAnswer ? read(status, parse(text, status)) : undefined;
        if (answer === undefined) throw status < 300 ? new SyntaxError('no answer') : refusal();
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

/** A placeholder: `run` replaces it by the failure of the observed status. */
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
